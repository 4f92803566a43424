import { useCallback, useSyncExternalStore } from 'react';

/** Below this width the list of chats is a drawer; the style sheets say the same. */
export const narrow = '(max-width: 48rem)';

export function useMediaQuery(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const list = matchMedia(query);
      list.addEventListener('change', listener);
      return () => list.removeEventListener('change', listener);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches);
}
