import { useSyncExternalStore } from 'react';

/** The chat that is shown; null for a new one. It stands in the address, after the #: a reload or a bookmark leads back. */
export function useRoute(): string | null {
  return useSyncExternalStore(subscribe, current);
}

export function goTo(chatId: string | null): void {
  location.hash = chatId ?? '';
}

export function addressOf(chatId: string | null): string {
  return `#${chatId ?? ''}`;
}

function current(): string | null {
  return location.hash.slice(1) || null;
}

function subscribe(listener: () => void): () => void {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
}
