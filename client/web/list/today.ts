import { useSyncExternalStore } from 'react';

/** When the day began for whoever looks; new when they look again on another day. */
export function useToday(): number {
  return useSyncExternalStore(subscribe, () => midnightOf(new Date()));
}

/** Milliseconds since 1970. */
export function midnightOf(time: Date): number {
  return new Date(time.getFullYear(), time.getMonth(), time.getDate()).getTime();
}

function subscribe(listener: () => void): () => void {
  document.addEventListener('visibilitychange', listener);
  return () => document.removeEventListener('visibilitychange', listener);
}
