import { jsonEncoder } from '@trpc/server/adapters/ws';
import { expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { sendSharedFrames, SharedFrame, sharedFrame } from '../../../server/shared-frame.ts';
import { sampleChat, sampleMessage } from '../../helpers/samples.ts';

const completed = (text: string) => {
  const message = sampleMessage(sampleChat(), { status: 'completed', parts: [{ type: 'text', text }] });
  return { type: 'message.completed', message };
};
const frameOf = (event: object, id: number, cursor: string) => ({
  id,
  result: { type: 'data', id: cursor, data: { id: cursor, data: event } },
});

/** What goes over a socket that takes shared frames, message by message. */
function sent(...frames: unknown[]): { messages: string[]; pieces: unknown[] } {
  const pieces: unknown[] = [];
  const messages: string[] = [];
  let message = '';
  const socket = {
    send(data: unknown, options?: { fin: boolean }) {
      pieces.push(data);
      message += String(data);
      if (options && !options.fin) return;
      messages.push(message);
      message = '';
    },
  } as unknown as WebSocket;
  sendSharedFrames(socket);
  for (const frame of frames) socket.send((sharedFrame(frame) ?? jsonEncoder.encode(frame)) as string);
  return { messages, pieces };
}

test('[STR-15] an answer of any length reads on the wire as it always did', () => {
  for (const text of ['short', '😀"\\\n'.repeat(20_000)]) {
    const frames = [frameOf(completed(text), 1, 'a.1.0'), frameOf(completed(text), 2, 'with "quotes"')];
    expect(sent(...frames).messages).toEqual(frames.map((frame) => JSON.stringify(frame)));
  }
});

test('[STR-15] a long answer is encoded once for all who watch', () => {
  const event = completed('x'.repeat(100_000));
  const [first, second] = [sharedFrame(frameOf(event, 1, 'a')), sharedFrame(frameOf(event, 2, 'b'))];
  expect(first).toBeInstanceOf(SharedFrame);
  expect((first as SharedFrame).pieces[1]).toBe((second as SharedFrame).pieces[1]);
  expect(sharedFrame(frameOf(completed('x'.repeat(100_000)), 1, 'a'))).not.toBe(first);
});

test('[STR-15] other frames are none of its business', () => {
  const delta = { type: 'message.delta', text: 'x'.repeat(50_000) };
  const others = [
    { id: 1, result: { type: 'started' } },
    { id: 1, result: { type: 'data', data: completed('x') } },
  ];
  for (const frame of [...others, frameOf(delta, 1, 'a'), { id: 1, error: {} }]) expect(sharedFrame(frame)).toBe(null);
});
