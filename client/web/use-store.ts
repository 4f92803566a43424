import { useCallback, useSyncExternalStore } from 'react';

/** A value outside React that tells when it changes; the chat store and the connection are such. */
export interface ReadableStore<State> {
  /** The same object until something changes. */
  get(): State;
  subscribe(listener: () => void): () => void;
}

/** The store's state now and after each change. */
export function useStore<State>(store: ReadableStore<State>): State {
  const subscribe = useCallback((listener: () => void) => store.subscribe(listener), [store]);
  const get = useCallback(() => store.get(), [store]);
  return useSyncExternalStore(subscribe, get);
}
