import { useLayoutEffect, useRef } from 'react';
import type { RefObject } from 'react';

/**
 * For an entry of the list: when it goes while the focus is in it, the focus goes to the entry after it, or before it,
 * or to what begins a new chat. Otherwise whoever uses the keyboard would have to begin at the top of the page.
 */
export function useFocusNeighbour(): RefObject<HTMLLIElement | null> {
  const entry = useRef<HTMLLIElement>(null);
  useLayoutEffect(() => {
    const element = entry.current;
    return () => {
      if (!element || !hasFocus(element)) return;
      const next = neighbourOf(element);
      // A dialog of the entry is still open and would not let the focus go.
      queueMicrotask(() => {
        if (document.activeElement === document.body) next?.focus();
      });
    };
  }, []);
  return entry;
}

/** A button that was disabled while its work was done has lost the focus, but its dialog is still open. */
function hasFocus(element: HTMLElement): boolean {
  return element.contains(document.activeElement) || element.querySelector('dialog[open]') !== null;
}

function neighbourOf(entry: HTMLLIElement): HTMLElement | null {
  const entries = [...document.querySelectorAll('.entry')];
  const at = entries.indexOf(entry);
  const neighbour = entries[at + 1] ?? entries[at - 1];
  return neighbour?.querySelector('a') ?? document.querySelector<HTMLElement>('a.new-chat');
}
