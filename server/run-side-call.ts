import type { SideCallPurpose, Store } from '../db/store.ts';
import type { ModelCallId } from '../shared/ids.ts';
import type { Usage } from '../shared/message.ts';
import { newId } from '../shared/new-id.ts';
import type { ModelCallIntent, SideCall } from './handlers/model-calls.ts';
import type { RunBudget } from './run-budget.ts';
import type { EndedRun } from './run-executor.ts';

interface RunSideCallOptions {
  readonly store: Pick<Store, 'openSideCall' | 'closeSideCall'>;
  readonly run: Pick<EndedRun, 'runId' | 'chatId' | 'userId'>;
  readonly purpose: SideCallPurpose;
  /** Tokens that are set aside for what the model says. */
  readonly answerTokens: number;
  /** Absent: none. */
  readonly budget?: RunBudget | undefined;
}

/** A model's call beside the answers of a run, in the ledger: none is made that cannot be written. */
export class RunSideCall implements SideCall {
  readonly #options: RunSideCallOptions;
  readonly #id: ModelCallId = newId();
  #isOpen = false;
  #usage: Usage | undefined;

  constructor(options: RunSideCallOptions) {
    this.#options = options;
  }

  readonly begin = async ({ model, inputTokens }: ModelCallIntent): Promise<void> => {
    const { answerTokens, budget, purpose, run, store } = this.#options;
    const { userId, chatId, runId } = run;
    // Also when the database's answer is lost.
    this.#isOpen = true;
    await store.openSideCall(userId, { id: this.#id, purpose, chatId, runId, model });
    const tokens = inputTokens + answerTokens;
    await budget?.reserve(userId, { runId, purpose, least: tokens, most: tokens });
  };

  note(usage: Usage): void {
    this.#usage = usage;
  }

  async close(status: 'finished' | 'stopped' | 'failed'): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.#options.store.closeSideCall(this.#id, { status, usage: this.#usage });
  }
}
