/**
 * All the people who chat, in one process: a socket for each chat, frames read as raw `ws` messages, so that a client
 * library is not among what is measured.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { AnswerCheck } from './answer-check.ts';
import { dialects, opened, type Talk } from './dialects.ts';
import type { Heard } from './answer-check.ts';
import type { Load, Outcome } from './load.ts';
import { serveParent } from './parent.ts';
import { order } from './token.ts';

interface Chat {
  readonly socket: WebSocket;
  readonly check: AnswerCheck;
  readonly talk: Talk;
  readonly ended: Promise<void>;
}

let load: Load | undefined;
let chats: Chat[] = [];

async function open({ url, dialect, tokens }: Load): Promise<Chat> {
  const socket = new WebSocket(url, { perMessageDeflate: false, skipUTF8Validation: true });
  const check = new AnswerCheck(tokens);
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  socket.on('close', () => {
    check.fail('the socket closed before the answer had ended');
    end();
  });
  const talk = dialects[dialect](socket, check, () => {
    check.ended();
    end();
  });
  await opened(socket);
  socket.on('error', (error) => check.fail(error.message));
  const tooEarly = ended.then(() => {
    throw new Error(check.result().problem ?? 'the answer ended before it was asked for');
  });
  await Promise.race([talk.prepare(), tooEarly]);
  tooEarly.catch(() => undefined);
  return { socket, check, talk, ended };
}

/** A few at a time: what is measured is talking, not how many sockets a listener's backlog holds. */
async function prepare(input: unknown): Promise<void> {
  load = input as Load;
  const atOnce = 25;
  while (chats.length < load.chats) {
    const missing = Math.min(atOnce, load.chats - chats.length);
    chats.push(...(await Promise.all(Array.from({ length: missing }, () => open(load as Load)))));
  }
}

async function sendAll({ tokens, perSecond, spreadMs }: Load): Promise<void> {
  const text = order(tokens, perSecond);
  const startedAt = performance.now();
  for (const [index, { check, talk }] of chats.entries()) {
    const wait = startedAt + (index * spreadMs) / chats.length - performance.now();
    if (wait > 1) await delay(wait);
    check.sent();
    talk.send(text);
  }
}

/** Sends every chat's message and waits for all answers, or for the time limit. */
async function talk(): Promise<Outcome> {
  if (load === undefined) throw new Error('expected prepare before talk');
  const timeLimit = new AbortController();
  const tooLate = delay(load.limitMs, true, { signal: timeLimit.signal });
  const all = Promise.all([sendAll(load), ...chats.map((chat) => chat.ended)]).then(() => false);
  const timedOut = await Promise.race([all, tooLate]);
  timeLimit.abort();
  tooLate.catch(() => undefined);
  const heard: Heard[] = chats.map(({ check }) => check.result());
  return { timedOut, heard };
}

function leave(): void {
  for (const { socket } of chats) socket.terminate();
  chats = [];
}

serveParent('', { prepare, talk, leave });
