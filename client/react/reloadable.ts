import type { ErrorInfo } from '../call-error.ts';
import { infoOf } from '../call-error.ts';

/** Milliseconds after which a question that failed is asked again. */
const retryMs = 5_000;

export interface Loaded<Value> {
  /** The newest answer; null until the first one. A failure keeps it. */
  readonly value: Value | null;
  /** Why the newest question failed. */
  readonly error?: ErrorInfo;
}

/**
 * A value that is asked for again now and then. One question is under way at a time: further calls of `reload` meanwhile
 * become one more after it, so that the value is never older than the last call, and no answer overtakes a newer one.
 */
export class Reloadable<Value> {
  readonly #load: () => Promise<Value>;
  readonly #onChange: () => void;
  #loaded: Loaded<Value> = { value: null };
  #isAsking = false;
  #isWanted = false;
  #isClosed = false;
  /** Moves when something was changed that an answer under way may not know of. */
  #age = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(load: () => Promise<Value>, onChange: () => void) {
    this.#load = load;
    this.#onChange = onChange;
  }

  get(): Loaded<Value> {
    return this.#loaded;
  }

  reload(): void {
    this.#isWanted = true;
    if (!this.#isAsking) void this.#ask();
  }

  /** Changes the value here, and asks again: an answer that is under way may be from before the change. */
  change(change: (value: Value) => Value): void {
    this.#age += 1;
    this.patch(change);
    this.reload();
  }

  /** Changes the value here, without asking. */
  patch(change: (value: Value) => Value): void {
    const { value } = this.#loaded;
    const changed = value === null ? null : change(value);
    if (changed !== value) this.#set({ ...this.#loaded, value: changed });
  }

  /** Changes the value here; an answer that is under way may be from before the change, and is asked for once more. */
  tell(change: (value: Value) => Value): void {
    if (this.#isAsking) this.#isWanted = true;
    // Without a value that answer is better than none.
    if (this.#loaded.value !== null) this.#age += 1;
    this.patch(change);
  }

  /** Forgets the error, because somebody wants to see another try. */
  forgive(): void {
    if (this.#loaded.error) this.#set({ value: this.#loaded.value });
  }

  /** Nothing is asked or told any more. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#retry);
  }

  async #ask(): Promise<void> {
    this.#isAsking = true;
    while (this.#isWanted && !this.#isClosed) {
      this.#isWanted = false;
      clearTimeout(this.#retry);
      const age = this.#age;
      try {
        const value = await this.#load();
        if (age === this.#age) this.#set({ value });
      } catch (error) {
        this.#fail(error);
      }
    }
    this.#isAsking = false;
  }

  #fail(error: unknown): void {
    if (this.#isClosed) return;
    this.#retry = setTimeout(() => this.reload(), retryMs);
    this.#set({ value: this.#loaded.value, error: infoOf(error) });
  }

  #set(loaded: Loaded<Value>): void {
    if (this.#isClosed) return;
    this.#loaded = loaded;
    this.#onChange();
  }
}
