import type { CallUse } from '../db/store.ts';
import type { Usage } from '../shared/message.ts';
import type { ModelCallIntent, ModelCalls } from './handlers/model-calls.ts';

/** Writes that the call before has ended and another one begins. */
export type NextCall = (ended: CallUse) => Promise<void>;

/**
 * The model calls of one stretch of a run. The first is in the ledger since the run was put to work, and the last one's
 * use is written with the end of the stretch, so that a run with one call needs no statement of its own.
 */
export class RunCalls implements ModelCalls {
  readonly #next: NextCall;
  /** What the stretch has used, the call that is open included. */
  usage: Usage | undefined;
  #model: string | undefined;
  #begun = 0;
  #before: Usage | undefined;
  /** Resolves when no call is being written. */
  written: Promise<unknown> = Promise.resolve();

  constructor(next: NextCall) {
    this.#next = next;
  }

  readonly begin = async ({ model }: ModelCallIntent): Promise<void> => {
    this.#begun += 1;
    const ended = this.last(this.usage);
    this.#model = model;
    this.#before = this.usage;
    if (this.#begun === 1) return;
    const writing = this.#next(ended);
    this.written = writing.catch(() => undefined);
    await writing;
  };

  /** Of the call that is open, where the stretch has used so much. */
  last(usage: Usage | undefined): { readonly usage: Usage | undefined; readonly model: string | undefined } {
    return { usage: usage && less(usage, this.#before), model: this.#model };
  }
}

/** A sum that is estimated does not say which of the calls was: the one that is told last counts as it. */
function less(usage: Usage, before: Usage | undefined): Usage {
  if (!before) return usage;
  return {
    inputTokens: Math.max(0, usage.inputTokens - before.inputTokens),
    outputTokens: Math.max(0, usage.outputTokens - before.outputTokens),
    source: usage.source,
  };
}
