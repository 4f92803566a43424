import { useState } from 'react';

/** A text in the making, which survives a reload of this tab and a look at another chat. */
export function useDraft(chatId: string | null): [text: string, setText: (text: string) => void] {
  const key = `draft:${chatId ?? 'new'}`;
  const [text, setText] = useState(() => readDraft(key));
  const change = (next: string): void => {
    setText(next);
    writeDraft(key, next);
  };
  return [text, change];
}

/** A browser that lets pages store nothing throws at the first touch; the draft then lives as long as it is shown. */
function readDraft(key: string): string {
  try {
    return sessionStorage.getItem(key) ?? '';
  } catch {
    return '';
  }
}

/** The same of what was kept as JSON; `none` where there is nothing that can be read. */
export function readDraftJson<Value>(key: string, none: Value): Value {
  try {
    return JSON.parse(readDraft(key)) as Value;
  } catch {
    return none;
  }
}

/** Nothing is kept of an empty one. */
export function writeDraft(key: string, text: string): void {
  try {
    if (text === '') sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, text);
  } catch {
    // See `readDraft`.
  }
}
