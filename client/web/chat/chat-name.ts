import type { Message } from '../../../shared/message.ts';
import type { Chat } from '../../../shared/chat.ts';
import { cutText } from '../../../shared/text.ts';
import { wordsOf } from './words-of.ts';

/** UTF-16 units of a title that is made of a message's first words: one line of a wide list. */
const titleLength = 60;

export const nameless = 'New chat';

/** The first words of a text, on one line. */
export function firstWords(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, ' ');
  const cut = cutText(line, titleLength);
  return cut.length < line.length ? `${cut.trimEnd()}…` : cut;
}

/** The chat's title; without one the first words that were said in it, where they are known. */
export function nameOf(chat: Chat | null, messages: readonly Message[], hasEarlier: boolean): string {
  if (chat?.title) return chat.title;
  const first = hasEarlier ? undefined : messages[0];
  return (first && firstWords(wordsOf(first))) || nameless;
}
