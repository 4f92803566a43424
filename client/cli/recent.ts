import type { Message } from '../../shared/message.ts';
import { cutText } from '../../shared/text.ts';
import { messageWords } from './message-words.ts';

/** UTF-16 units of an earlier message that are repeated: enough to remember it by. */
const messageText = 600;

/** The last messages of a chat, oldest first; one that is still being written is left out. */
export function recentWords(messages: readonly Message[]): string {
  return messages
    .filter(({ status }) => status !== 'streaming')
    .map((message) => `${message.role === 'user' ? '> ' : ''}${shortened(messageWords(message))}${endingOf(message)}`)
    .join('\n');
}

function shortened(text: string): string {
  const cut = cutText(text, messageText);
  return cut.length < text.length ? `${cut.trimEnd()} …` : text;
}

function endingOf({ error, status }: Message): string {
  if (status === 'completed') return '';
  return error ? ` [${status}: ${error.code}: ${error.message}]` : ` [${status}]`;
}
