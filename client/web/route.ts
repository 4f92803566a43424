import { useStore } from './use-store.ts';

/** Which chat is shown stands in the address, after the #: a reload or a bookmark leads back to it. */
const route = {
  get: (): string | null => location.hash.slice(1) || null,
  subscribe(listener: () => void): () => void {
    addEventListener('hashchange', listener);
    return () => removeEventListener('hashchange', listener);
  },
};

/** The chat that is shown; null for a new one. */
export function useRoute(): string | null {
  return useStore(route);
}

export function goTo(chatId: string | null): void {
  location.hash = chatId ?? '';
}

export function addressOf(chatId: string | null): string {
  return `#${chatId ?? ''}`;
}
