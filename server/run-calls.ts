import type { CallUse } from '../db/store.ts';
import type { Usage } from '../shared/message.ts';
import type { ModelCallIntent, ModelCalls } from './handlers/model-calls.ts';

/** Writes that the call before has ended and another one begins. */
export type NextCall = (ended: CallUse) => Promise<void>;

/** Sets tokens aside, and says how many. Errors: `BUDGET_EXCEEDED`. */
export type ReserveTokens = (tokens: { readonly least: number; readonly most: number }) => Promise<number>;

/** Tokens that are set aside for an answer at a time: a page of text, so that a thousand tokens cost one statement. */
const chunk = 1_000;

/** Tokens of text between two estimates that are told along the way: what comes before the next one has to be there. */
const toldEvery = 64;

/**
 * The model calls of one stretch of a run. The first is in the ledger since the run was put to work, and the last one's
 * use is written with the end of the stretch, so that a run with one call needs no statement of its own.
 */
export class RunCalls implements ModelCalls {
  readonly #next: NextCall;
  /** Null: there is no budget. */
  readonly #reserve: ReserveTokens | null;
  #reserved = 0;
  /** What the stretch has used, the call that is open included. */
  usage: Usage | undefined;
  #model: string | undefined;
  #begun = 0;
  #before: Usage | undefined;
  /** Resolves when no call is being written. */
  written: Promise<unknown> = Promise.resolve();

  constructor(next: NextCall, reserve: ReserveTokens | null) {
    this.#next = next;
    this.#reserve = reserve;
  }

  readonly begin = async ({ model, inputTokens }: ModelCallIntent): Promise<void> => {
    this.#begun += 1;
    const ended = this.last(this.usage);
    this.#model = model;
    this.#before = this.usage;
    if (this.#begun > 1) {
      const writing = this.#next(ended);
      this.written = writing.catch(() => undefined);
      await writing;
    }
    this.#reserved = 0;
    if (this.#reserve) await this.#grow(this.#reserve, inputTokens);
  };

  /** What the stretch has used until now. Wait for what is returned before going on: `BUDGET_EXCEEDED` ends the run. */
  note(usage: Usage): Promise<void> | undefined {
    this.usage = usage;
    if (!this.#reserve) return undefined;
    const open = less(usage, this.#before);
    const used = open.inputTokens + open.outputTokens;
    return used + toldEvery > this.#reserved ? this.#grow(this.#reserve, used) : undefined;
  }

  async #grow(reserve: ReserveTokens, used: number): Promise<void> {
    const missing = used - this.#reserved;
    this.#reserved += await reserve({ least: Math.max(1, missing + toldEvery), most: missing + chunk });
  }

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
