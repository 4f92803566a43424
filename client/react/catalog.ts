import type { ChatClient } from '../index.ts';
import { Listeners } from '../listeners.ts';
import type { Assistant, Model } from '../../shared/assistant.ts';
import type { WorkflowSummary } from '../../shared/workflow.ts';
import { refreshing } from './refreshing.ts';
import { Reloadable } from './reloadable.ts';
import type { Surroundings } from './surroundings.ts';
import { Usage } from './usage.ts';

/** What can answer: the published apps and the models, the default model first. */
export interface Catalog {
  readonly assistants: readonly Assistant[];
  readonly workflows: readonly WorkflowSummary[];
  readonly models: readonly Model[];
}

/** More apps than anybody wants to choose from at once; the most that one question brings. */
const mostApps = 100;

/** The catalog, asked for while somebody shows it. */
export class SharedCatalog {
  readonly #client: Pick<ChatClient, 'api' | 'connection'>;
  readonly #around: Surroundings;
  readonly #listeners = new Listeners();
  readonly #shown = new Usage(() => this.close());
  #asked: { readonly catalog: Reloadable<Catalog>; readonly stop: () => void } | null = null;
  #known: Catalog | null = null;

  constructor(client: Pick<ChatClient, 'api' | 'connection'>, around: Surroundings) {
    this.#client = client;
    this.#around = around;
  }

  /** What was answered last, also while nobody shows it. */
  get(): Catalog | null {
    return this.#known;
  }

  show(listener: () => void): () => void {
    const unsubscribe = this.#listeners.add(listener);
    const end = this.#shown.begin();
    this.#asked ??= this.#ask();
    return () => {
      unsubscribe();
      end();
    };
  }

  /** Asks again where somebody shows it; whoever shows it later asks anyway. */
  readonly reload = (): void => this.#asked?.catalog.reload();

  close(): void {
    this.#shown.cancel();
    this.#asked?.stop();
    this.#asked?.catalog.close();
    this.#asked = null;
  }

  #ask() {
    const catalog = new Reloadable(
      () => loadCatalog(this.#client.api),
      () => this.#onAnswer(catalog.get().value),
    );
    catalog.reload();
    return { catalog, stop: refreshing(this.#client.connection, this.#around, () => catalog.reload()) };
  }

  #onAnswer(catalog: Catalog | null): void {
    if (catalog === null || JSON.stringify(catalog) === JSON.stringify(this.#known)) return;
    this.#known = catalog;
    this.#listeners.notify();
  }
}

async function loadCatalog(api: ChatClient['api']): Promise<Catalog> {
  const [{ assistants }, { workflows }, models] = await Promise.all([
    api.assistant.list.query({ limit: mostApps }),
    api.workflow.list.query({ limit: mostApps }),
    api.model.list.query(),
  ]);
  return { assistants, workflows, models };
}
