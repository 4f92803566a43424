import type { ChatStorage, KeptView } from './chat-storage.ts';

/** Milliseconds from a change to its being kept: while an answer streams, what is kept is so much behind, no more. */
const keepAfterMs = 1_000;

/** Keeps the view of one chat in a storage that may fail: full, switched off, or holding what somebody else wrote. */
export class ViewKeeper {
  readonly #storage: ChatStorage;
  readonly #chatId: string;
  #newest: KeptView | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(storage: ChatStorage, chatId: string) {
    this.#storage = storage;
    this.#chatId = chatId;
  }

  load(): KeptView | null {
    return attempt(() => {
      const kept = this.#storage.load(this.#chatId);
      return kept?.view.chat.id === this.#chatId && typeof kept.cursor === 'string' ? kept : null;
    });
  }

  keep(newest: KeptView): void {
    this.#newest = newest;
    this.#timer ??= setTimeout(() => this.flush(), keepAfterMs);
  }

  /** Keeps now what still waits. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const newest = this.#newest;
    this.#newest = null;
    if (newest) attempt(() => this.#storage.save(this.#chatId, newest));
  }

  /** There is nothing to come back to. */
  forget(): void {
    this.#newest = null;
    this.flush();
    attempt(() => this.#storage.remove(this.#chatId));
  }
}

function attempt<Result>(action: () => Result): Result | null {
  try {
    return action();
  } catch {
    return null;
  }
}
