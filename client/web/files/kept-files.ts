import type { Attachment } from '../../index.ts';

const keyOf = (chatId: string | null): string => `files:${chatId ?? 'new'}`;

/** What was uploaded for a message in the making: it survives a reload of this tab, like the text. */
export function readKept(chatId: string | null): Attachment[] {
  try {
    return JSON.parse(sessionStorage.getItem(keyOf(chatId)) ?? '[]') as Attachment[];
  } catch {
    // A browser that lets pages store nothing throws.
    return [];
  }
}

export function keep(chatId: string | null, attachments: readonly Attachment[]): void {
  try {
    if (attachments.length === 0) sessionStorage.removeItem(keyOf(chatId));
    else sessionStorage.setItem(keyOf(chatId), JSON.stringify(attachments));
  } catch {
    // See `readKept`.
  }
}
