import { expect, test } from 'vitest';
import { Outbox } from '../../../client/outbox.ts';

const never = new AbortController().signal;

/** Sends that end when they are told to. */
function sends(outbox: Outbox) {
  const begun: string[] = [];
  const ends = new Map<string, { resolve: (value: string) => void; reject: (error: Error) => void }>();
  const send = (chatId: string, text: string, signal = never) =>
    outbox.inTurn(chatId, signal, () => {
      begun.push(text);
      return new Promise<string>((resolve, reject) => void ends.set(text, { resolve, reject }));
    });
  const end = (text: string) => ends.get(text)?.resolve(`${text}!`);
  const fail = (text: string) => ends.get(text)?.reject(new Error(text));
  return { begun, send, end, fail };
}

test('[CLT-21] messages of a chat go out one after the other, those of another do not wait', async () => {
  const { begun, send, end } = sends(new Outbox());
  const [one, two] = [send('a', 'one'), send('a', 'two'), send('b', 'three')];
  expect(begun).toEqual(['one', 'three']);
  end('one');
  expect(await one).toBe('one!');
  await expect.poll(() => begun).toEqual(['one', 'three', 'two']);
  end('two');
  expect(await two).toBe('two!');
});

test('[CLT-21] one that fails does not keep the next from going', async () => {
  const { begun, send, fail } = sends(new Outbox());
  const one = send('a', 'one');
  void send('a', 'two');
  fail('one');
  await expect(one).rejects.toThrow('one');
  await expect.poll(() => begun).toEqual(['one', 'two']);
});

test('[CLT-21] one that is given up while it waits rejects at once, and the next still waits its turn', async () => {
  const { begun, send, end } = sends(new Outbox());
  const stop = new AbortController();
  void send('a', 'one');
  const two = send('a', 'two', stop.signal);
  void send('a', 'three');
  stop.abort(new Error('given up'));
  await expect(two).rejects.toThrow('given up');
  expect(begun).toEqual(['one']);
  end('one');
  await expect.poll(() => begun).toEqual(['one', 'three']);
});
