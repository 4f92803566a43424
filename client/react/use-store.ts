import { useSyncExternalStore } from 'react';

/** A value outside React that tells when it changes. */
export interface ReadableStore<State> {
  /** The same object until something changes. Pure: it may be called while rendering. */
  readonly get: () => State;
  /** Returns what ends it. */
  readonly subscribe: (listener: () => void) => () => void;
  /** What a server renders, and the browser first over it. */
  readonly getOnServer: () => State;
}

/** The store's state now and after each change. */
export function useStore<State>({ subscribe, get, getOnServer }: ReadableStore<State>): State {
  return useSyncExternalStore(subscribe, get, getOnServer);
}
