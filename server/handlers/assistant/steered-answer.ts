import type { Message } from '../../../shared/message.ts';

/**
 * A message as turns of a conversation: where a person added something while it was written, the answer until there, what
 * they added, and the answer that went on with it.
 */
export function turnsOf(message: Message): Message[] {
  const at = message.parts.findIndex(({ type }) => type === 'steering');
  const steering = message.parts[at];
  if (steering?.type !== 'steering') return [message];
  const before: Message = { ...message, status: 'completed', parts: message.parts.slice(0, at) };
  const added: Message = { ...message, role: 'user', parts: [{ type: 'text', text: steering.text }] };
  return [before, added, ...turnsOf({ ...message, parts: message.parts.slice(at + 1) })];
}
