import { useCallback, useEffect, useState } from 'react';
import type { RefObject } from 'react';
import { narrow, useMediaQuery } from './media-query.ts';

export interface Drawer {
  /** Never where the window is wide enough for the list to stay. */
  readonly isOpen: boolean;
  readonly open: () => void;
  /** Gives the focus back to the button. */
  readonly close: () => void;
}

/**
 * The list of chats on a phone: over everything while it is open, and Escape closes it.
 *
 * @param button what opens it
 */
export function useDrawer(button: RefObject<HTMLButtonElement | null>): Drawer {
  const isNarrow = useMediaQuery(narrow);
  const [isWanted, setWanted] = useState(false);
  const isOpen = isNarrow && isWanted;
  const open = useCallback(() => setWanted(true), []);
  const close = useCallback(() => setWanted(false), []);

  useEffect(() => {
    if (!isOpen) return undefined;
    document.querySelector<HTMLElement>('.drawer-close')?.focus();
    const opener = button.current;
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && !event.defaultPrevented) close();
    };
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('keydown', onKey);
      opener?.focus();
    };
  }, [isOpen, close, button]);
  return { isOpen, open, close };
}
