import type { ReadableStore } from './use-store.ts';

/** A value that is asked for again now and then; null until it came for the first time. */
export interface Reloadable<Value> extends ReadableStore<Value | null> {
  /**
   * Asks again. While one question is under way further calls become one more after it, so that the last value is never
   * older than the last call. A failure keeps the old value: the page asks again when the connection is back.
   */
  reload(): void;
}

export function reloadable<Value>(load: () => Promise<Value>): Reloadable<Value> {
  const listeners = new Set<() => void>();
  let value: Value | null = null;
  let isLoading = false;
  let isWanted = false;

  async function run(): Promise<void> {
    isLoading = true;
    while (isWanted) {
      isWanted = false;
      const loaded = await load().catch(() => value);
      if (loaded === value) continue;
      value = loaded;
      for (const listener of listeners) listener();
    }
    isLoading = false;
  }

  return {
    get: () => value,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    reload() {
      isWanted = true;
      if (!isLoading) void run();
    },
  };
}
