import type { Message } from '../../shared/message.ts';
import { filesOf, textOf } from '../../shared/message.ts';

/** What a message says, and the names of its files. */
export function messageWords(message: Pick<Message, 'parts'>): string {
  const files = filesOf(message).map(({ name }) => `[${name}]`);
  return [textOf(message), ...files].filter((words) => words !== '').join(' ');
}
