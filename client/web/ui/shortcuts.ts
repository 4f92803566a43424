import { useEffect, useEffectEvent } from 'react';

export interface Shortcuts {
  readonly newChat: () => void;
  readonly search: () => void;
  readonly help: () => void;
}

const isMac = /mac|iphone|ipad/i.test(navigator.userAgent);
const main = isMac ? '⌘' : 'Ctrl+';

/** As they are told to people. */
export const keyNames: Readonly<Record<keyof Shortcuts, string>> = {
  newChat: isMac ? '⇧⌘O' : 'Ctrl+Shift+O',
  search: `${main}K`,
  help: `${main}/`,
};

/** Keys that work wherever the focus is, except under an open dialog. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    const name = nameOf(event);
    if (name === null || document.querySelector('dialog[open]')) return;
    event.preventDefault();
    shortcuts[name]();
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => onKey(event);
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);
}

function nameOf(event: KeyboardEvent): keyof Shortcuts | null {
  if (!(isMac ? event.metaKey : event.ctrlKey) || event.altKey) return null;
  const key = event.key.toLowerCase();
  if (event.shiftKey && key === 'o') return 'newChat';
  if (key === '/') return 'help';
  return key === 'k' && !event.shiftKey ? 'search' : null;
}

/** Whether a dialog, a menu or the drawer is open, which has Escape for itself. */
export function isCovered(): boolean {
  return document.querySelector('dialog[open], [popover]:popover-open, [data-list=open]') !== null;
}
