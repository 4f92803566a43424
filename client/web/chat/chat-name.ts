import type { Message } from '../../../shared/message.ts';
import type { Chat } from '../../../shared/chat.ts';
import { firstWords } from '../../../shared/text.ts';
import { wordsOf } from './words-of.ts';

const nameless = 'New chat';

const times = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hour12: false });

/** The chat's title; without one when it was begun, which tells it from others that have none. */
export function nameInList({ title, createdAt }: Pick<Chat, 'title' | 'createdAt'>): string {
  return title ?? `Chat of ${times.format(new Date(createdAt))}`;
}

/** The chat's title; without one the first words that were said in it, where they are known. */
export function nameOf(chat: Chat | null, messages: readonly Message[], hasEarlier: boolean): string {
  if (chat?.title) return chat.title;
  const first = hasEarlier ? undefined : messages[0];
  return (first && firstWords(wordsOf(first))) || nameless;
}
