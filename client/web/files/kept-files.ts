import type { Attachment } from '../../index.ts';

const keyOf = (owner: string | null): string => `files:${owner ?? 'new'}`;

/**
 * What was uploaded for a message or an answer in the making: it survives a reload of this tab, like the text.
 *
 * @param owner the chat, null: a new one; or the question's field
 */
export function readKept(owner: string | null): Attachment[] {
  try {
    return JSON.parse(sessionStorage.getItem(keyOf(owner)) ?? '[]') as Attachment[];
  } catch {
    // A browser that lets pages store nothing throws.
    return [];
  }
}

export function keep(owner: string | null, attachments: readonly Attachment[]): void {
  try {
    if (attachments.length === 0) sessionStorage.removeItem(keyOf(owner));
    else sessionStorage.setItem(keyOf(owner), JSON.stringify(attachments));
  } catch {
    // See `readKept`.
  }
}
