import type { Message } from '../../../shared/message.ts';

interface Sized {
  readonly role: Message['role'];
  /** Tokens, estimated. */
  readonly tokens: number;
}

interface Room {
  readonly tokens: number;
  readonly messages: number;
}

/**
 * How many of these messages, oldest first, have to be summed up so that the others fit; 0 while all do.
 *
 * Once they do not, so many that the others take half of the room: the next turns fit again, and not each of them needs a
 * summary. What is left begins with a message of the person, or is nothing.
 */
export function cutOf(messages: readonly Sized[], room: Room): number {
  const all = messages.reduce((sum, { tokens }) => sum + tokens, 0);
  if (all <= room.tokens && messages.length <= room.messages) return 0;
  let cut = messages.length;
  let kept = 0;
  for (const [index, { role, tokens }] of [...messages.entries()].toReversed()) {
    kept += tokens;
    if (kept > room.tokens / 2 || messages.length - index > room.messages / 2) break;
    if (role === 'user') cut = index;
  }
  return cut;
}
