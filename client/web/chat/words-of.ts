import type { Attachment } from '../../index.ts';
import type { Message } from '../../../shared/message.ts';

/** The text of a message alone, without reasoning, tools and the rest. (That of `shared` would bring schemas along.) */
export function wordsOf({ parts }: Pick<Message, 'parts'>): string {
  return parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

/** The files that a message was sent with. */
export function filesIn({ parts }: Pick<Message, 'parts'>): Attachment[] {
  return parts.filter((part) => part.type === 'file');
}
