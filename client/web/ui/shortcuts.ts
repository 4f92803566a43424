import { useEffect, useEffectEvent } from 'react';
import type { KeyboardEvent as FormKeyEvent } from 'react';

export interface Shortcuts {
  readonly newChat: () => void;
  readonly search: () => void;
  readonly help: () => void;
}

const isMac = /mac|iphone|ipad/i.test(navigator.userAgent);
const main = isMac ? '⌘' : 'Ctrl+';

/** As they are told to people. */
export const keyNames: Readonly<Record<keyof Shortcuts | 'save', string>> = {
  newChat: isMac ? '⇧⌘O' : 'Ctrl+Shift+O',
  search: `${main}K`,
  help: `${main}/`,
  save: `${main}S`,
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

/** For a form: the key that saves things elsewhere saves it too, instead of the page. */
export function saveOnKey(event: FormKeyEvent<HTMLFormElement>): void {
  if (!isMain(event) || event.shiftKey || event.key.toLowerCase() !== 's') return;
  event.preventDefault();
  event.currentTarget.requestSubmit();
}

function isMain(event: Pick<KeyboardEvent, 'metaKey' | 'ctrlKey' | 'altKey'>): boolean {
  return (isMac ? event.metaKey : event.ctrlKey) && !event.altKey;
}

function nameOf(event: KeyboardEvent): keyof Shortcuts | null {
  if (!isMain(event)) return null;
  const key = event.key.toLowerCase();
  if (event.shiftKey && key === 'o') return 'newChat';
  if (key === '/') return 'help';
  return key === 'k' && !event.shiftKey ? 'search' : null;
}

/** Whether a dialog, a menu or the drawer is open, which has Escape for itself. */
export function isCovered(): boolean {
  return document.querySelector('dialog[open], [popover]:popover-open, [data-list=open]') !== null;
}
