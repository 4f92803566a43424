import { once } from 'node:events';
import type { WebSocket } from 'ws';
import type { ChatEvent } from '../../shared/events.ts';
import type { AnswerCheck } from './answer-check.ts';
import type { BareFrame } from './servers/bare-socket.ts';

/** One chat of the load: `prepare` is everything that comes before the measured part. */
export interface Talk {
  prepare(): Promise<void>;
  send(text: string): void;
}

/** Speaks a server's frames over an open socket; tells `check` what came and calls `ended` once. */
type Dialect = (socket: WebSocket, check: AnswerCheck, ended: () => void) => Talk;

interface TrpcFrame<Data> {
  readonly id: number | null;
  readonly error?: { readonly message: string };
  readonly result?: { readonly type: string; readonly data?: Data };
}

const parse = (data: unknown): unknown => JSON.parse((data as Buffer).toString('latin1'));

const bare: Dialect = (socket, check, ended) => {
  socket.on('message', (data) => {
    const frame = parse(data) as BareFrame;
    if (frame.type === 'token') {
      check.add(frame.text);
      return;
    }
    if (frame.type === 'failed') check.fail(frame.reason);
    ended();
  });
  return {
    prepare: async () => {},
    send: (text) => socket.send(JSON.stringify({ chatId: crypto.randomUUID(), text })),
  };
};

const trpc: Dialect = (socket, check, ended) => {
  socket.on('message', (data) => {
    const { result, error } = parse(data) as TrpcFrame<{ data: { text: string } }>;
    if (result?.data !== undefined) {
      check.add(result.data.data.text);
      return;
    }
    if (result?.type === 'started') return;
    if (error !== undefined) check.fail(error.message);
    ended();
  });
  return {
    prepare: async () => {},
    send: (text) =>
      socket.send(JSON.stringify({ id: 1, method: 'subscription', params: { path: 'answer', input: { text } } })),
  };
};

const calls = { create: 1, stream: 2, send: 3 } as const;

/** The events of ours that matter here; the others are for views. */
function hear(event: ChatEvent, check: AnswerCheck, ended: () => void): void {
  if (event.type === 'message.delta') check.add(event.text);
  else if (event.type === 'message.completed') {
    check.whole(event.message.parts.map((part) => (part.type === 'text' ? part.text : '')).join(''));
  } else if (event.type === 'run.ended') {
    if (event.status !== 'completed') check.fail(`the run ended ${event.status}: ${event.error?.message ?? ''}`);
    ended();
  }
}

const switchboard: Dialect = (socket, check, ended) => {
  const call = (id: number, method: string, path: string, input: unknown): void =>
    socket.send(JSON.stringify({ id, method, params: { path, input } }));
  const { promise: created, resolve: onCreated } = Promise.withResolvers<string>();
  const { promise: watched, resolve: onWatched, reject } = Promise.withResolvers<void>();
  socket.on('message', (data) => {
    const frame = parse(data) as TrpcFrame<unknown>;
    if (frame.error !== undefined) {
      reject(new Error(frame.error.message));
      check.fail(frame.error.message);
      ended();
    } else if (frame.id === calls.create) onCreated((frame.result?.data as { id: string } | undefined)?.id ?? '');
    else if (frame.id === calls.stream && frame.result?.type === 'data') {
      const { data: event } = frame.result.data as { data: ChatEvent };
      if (event.type === 'snapshot') onWatched();
      else hear(event, check, ended);
    }
  });
  let chatId = '';
  return {
    prepare: async () => {
      call(calls.create, 'mutation', 'chat.create', {});
      chatId = await Promise.race([created, watched.then(() => '')]);
      call(calls.stream, 'subscription', 'chat.stream', { chatId });
      await watched;
    },
    send: (text) => call(calls.send, 'mutation', 'chat.send', { chatId, text }),
  };
};

export const dialects = { bare, trpc, switchboard } as const satisfies Record<string, Dialect>;

export type DialectName = keyof typeof dialects;

/** Waits until the socket is open; rejects when it is refused. */
export async function opened(socket: WebSocket): Promise<void> {
  await once(socket, 'open');
}
