import type { Chat } from '../shared/chat.ts';
import type { Message, Part } from '../shared/message.ts';
import { fenced } from '../shared/text.ts';

/** A chat for people to read: a heading for each message, text as it was written, everything else told in short. */
export function chatAsMarkdown(chat: Chat, messages: readonly Message[]): string {
  return [`# ${chat.title ?? 'Chat'}`, `_${chat.createdAt}_`, ...messages.flatMap(ofMessage)].join('\n\n').concat('\n');
}

function ofMessage(message: Message): string[] {
  const parts = message.parts.map(ofPart).filter((text) => text !== '');
  const ending = endings[message.status];
  return [heading(message), ...parts, ...(ending ? [`_${ending}_`] : [])];
}

function heading({ role, model }: Message): string {
  if (role === 'user') return '## You';
  return model === undefined ? '## Answer' : `## Answer (${model})`;
}

const endings: Readonly<Record<Message['status'], string>> = {
  completed: '',
  streaming: 'This answer was still being written.',
  stopped: 'This answer was stopped.',
  failed: 'This answer failed.',
  interrupted: 'This answer was interrupted.',
};

function ofPart(part: Part): string {
  switch (part.type) {
    case 'text':
      return part.text;
    case 'reasoning':
      return part.text.replaceAll(/^/gm, '> ');
    case 'tool':
      return `**${part.name}** (${part.state})\n\n${fenced(asText(part.input))}${part.output === undefined ? '' : `\n\n${fenced(asText(part.output))}`}`;
    case 'input':
      return `**${part.prompt}**${part.answer === undefined ? '' : `\n\n${fenced(asText(part.answer))}`}`;
    case 'file':
      return `[File: ${part.name}, ${part.mediaType}, ${part.size} bytes]`;
    case 'source':
      return part.url === undefined ? `[Source: ${part.title}]` : `[Source: ${part.title}](<${part.url}>)`;
    default:
      // Parts that a later version knows are left out.
      return '';
  }
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? '');
}
