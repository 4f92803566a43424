import type { Store } from '../db/store.ts';
import type { ModelCallId } from '../shared/ids.ts';
import type { Usage } from '../shared/message.ts';
import { newId } from '../shared/new-id.ts';
import type { ModelCallIntent } from './handlers/model-calls.ts';
import type { RunBudget } from './run-budget.ts';
import type { EndedRun } from './run-executor.ts';

/** Tokens that are set aside for what the model says: past these its words are cut off. */
const answerTokens = 500;

/** The model's call for one title in the ledger: none is made that cannot be written. */
export class TitleCall {
  readonly #store: Pick<Store, 'openTitleCall' | 'closeTitleCall'>;
  readonly #run: Pick<EndedRun, 'runId' | 'chatId' | 'userId'>;
  readonly #id: ModelCallId = newId();
  readonly #budget: RunBudget | undefined;
  #isOpen = false;
  #usage: Usage | undefined;

  constructor(
    store: Pick<Store, 'openTitleCall' | 'closeTitleCall'>,
    run: Pick<EndedRun, 'runId' | 'chatId' | 'userId'>,
    budget?: RunBudget,
  ) {
    this.#budget = budget;
    this.#store = store;
    this.#run = run;
  }

  readonly begin = async ({ model, inputTokens }: ModelCallIntent): Promise<void> => {
    const { userId, chatId, runId } = this.#run;
    this.#isOpen = true;
    await this.#store.openTitleCall(userId, { id: this.#id, chatId, runId, model });
    const tokens = inputTokens + answerTokens;
    await this.#budget?.reserve(userId, { runId, purpose: 'title', least: tokens, most: tokens });
  };

  note(usage: Usage): void {
    this.#usage = usage;
  }

  /** However it has ended; nothing happens when no model was asked. */
  async close(status: 'finished' | 'stopped' | 'failed'): Promise<void> {
    if (this.#isOpen) await this.#store.closeTitleCall(this.#id, { status, usage: this.#usage });
  }
}
