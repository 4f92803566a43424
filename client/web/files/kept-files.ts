import type { Attachment } from '../../index.ts';
import { readDraftJson, writeDraft } from '../chat/draft.ts';

const keyOf = (owner: string | null): string => `files:${owner ?? 'new'}`;

/**
 * What was uploaded for a message or an answer in the making: it survives a reload of this tab, like the text.
 *
 * @param owner the chat, null: a new one; or the question's field
 */
export function readKept(owner: string | null): Attachment[] {
  return readDraftJson(keyOf(owner), []);
}

export function keep(owner: string | null, attachments: readonly Attachment[]): void {
  writeDraft(keyOf(owner), attachments.length === 0 ? '' : JSON.stringify(attachments));
}
