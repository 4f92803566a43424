import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { anyHead, anyWsFrame, goodHead, textFrame } from './bytes.ts';
import { anyFrame } from './calls.ts';
import type { Dice } from './dice.ts';

export type Kind = 'head' | 'frames' | 'calls';

/** What came back from one attack. */
export interface Reply {
  readonly kind: Kind;
  /** Cases in it: one of heads and frames, each frame of calls. */
  readonly cases: number;
  readonly text: string;
  /** Whether well-formed frames were sent, to the end, of which the last one was not answered. */
  readonly isUnanswered: boolean;
}

const kinds: readonly Kind[] = [
  'head',
  'head',
  'head',
  'head',
  'head',
  'frames',
  'frames',
  'frames',
  'frames',
  'calls',
];

/** A call that is answered when those before it are, and its answer. */
const lastCall = (chatId: string) =>
  JSON.stringify({ id: 'last', method: 'query', params: { path: 'chat.get', input: { chatId } } });
const lastAnswer = '"id":"last"';

/** Milliseconds that a peer who has said everything may be kept waiting for the end. */
const endMs = 15_000;
const framesAtOnce = 20;

/** One attack over a connection of its own: what it sends follows from the dice alone. */
export async function attack(port: number, dice: Dice, chatId: string): Promise<Reply> {
  const kind = dice.pick(kinds);
  const sent = pieces[kind](dice, chatId);
  const isCut = dice.chance(0.1);
  const isAnswered = (reply: string) => kind !== 'calls' || reply.includes(lastAnswer);
  const text = await exchange(port, sent, isCut ? null : isAnswered);
  return { kind, cases: kind === 'calls' ? framesAtOnce : 1, text, isUnanswered: !isCut && !isAnswered(text) };
}

const open = Buffer.from(goodHead);

const pieces: Readonly<Record<Kind, (dice: Dice, chatId: string) => Buffer[]>> = {
  head(dice, chatId) {
    const bytes = Buffer.from(anyHead(dice, chatId), 'latin1');
    const at = dice.below(bytes.length);
    if (dice.chance(0.1)) bytes[at] = dice.below(256);
    return dice.chance(0.8) ? [bytes] : [bytes.subarray(0, at), bytes.subarray(at)];
  },
  frames: (dice, chatId) => [open, ...Array.from({ length: 1 + dice.below(4) }, () => anyWsFrame(dice, chatId))],
  calls(dice, chatId) {
    const frames = Array.from({ length: framesAtOnce }, () => textFrame(anyFrame(dice, chatId)));
    return [open, ...frames, textFrame(lastCall(chatId))];
  },
};

/**
 * Sends the pieces, one write each; resolves with what came back when the connection has ended.
 *
 * @param isAnswered whether this side may end it; null: it is reset at once
 */
async function exchange(
  port: number,
  sent: readonly Buffer[],
  isAnswered: ((reply: string) => boolean) | null,
): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.on('data', (data) => {
    text += data.toString('latin1');
    if (isAnswered?.(text)) socket.end();
  });
  socket.on('error', () => undefined);
  const closed = once(socket, 'close');
  for (const piece of sent) socket.write(piece);
  if (!isAnswered) setImmediate(() => socket.resetAndDestroy());
  else if (isAnswered('')) socket.end();
  const waiting = new AbortController();
  await Promise.race([closed, delay(endMs, undefined, { signal: waiting.signal }).catch(() => undefined)]);
  waiting.abort();
  socket.destroy();
  await closed;
  return text;
}
