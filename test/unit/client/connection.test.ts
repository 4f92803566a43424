import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fullJitter } from '../../../client/backoff.ts';
import { codeOf } from '../../../client/call-error.ts';
import { Connection } from '../../../client/connection.ts';
import { closeCodes } from '../../../shared/errors.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Half of every bound: 125, 250, 500 … ms. */
const half = fullJitter(() => 0.5);

/** A socket that the connection only tells apart from others. */
const socket = (): WebSocket => new EventTarget() as WebSocket;

/** Milliseconds until the next socket is permitted. */
async function permitMs(connection: Connection): Promise<number> {
  const from = Date.now();
  const permitted = connection.permit().then(() => Date.now() - from);
  await vi.runAllTimersAsync();
  return permitted;
}

function connect(connection: Connection): WebSocket {
  const opened = socket();
  connection.opening(opened);
  connection.opened(opened);
  return opened;
}

test('[CLT-2] the first socket opens at once; each one that fails makes the next wait longer', async () => {
  const connection = new Connection(half);
  const waits: number[] = [];
  for (let attempt = 0; attempt < 5; attempt += 1) {
    waits.push(await permitMs(connection));
    const failed = socket();
    connection.opening(failed);
    connection.lost(failed, 1006, '');
  }
  expect(waits).toEqual([0, 125, 250, 500, 1000]);
  expect(connection.get()).toEqual({ status: 'waiting', attempt: 5, retryInMs: 2000, code: 1006 });
});

test('[CLT-2] a connection that lasted 5 s starts the waits again; one that is cut sooner goes on with them', async () => {
  const connection = new Connection(half);
  for (const [lastedMs, expected] of [
    [4_999, 125],
    [4_999, 250],
    [4_999, 500],
    [5_000, 125],
    [4_999, 250],
  ] as const) {
    await permitMs(connection);
    const opened = connect(connection);
    await vi.advanceTimersByTimeAsync(lastedMs);
    connection.lost(opened, closeCodes.stalledReader, '');
    expect(connection.get()).toMatchObject({ status: 'waiting', retryInMs: expected });
  }
});

test('[CLT-2] after "too many" (4429) the next socket comes no sooner than 5 s', async () => {
  const connection = new Connection(fullJitter(() => 0));
  await permitMs(connection);
  connection.lost(connect(connection), closeCodes.tooMany, '');
  expect(await permitMs(connection)).toBe(5_000);
});

test('[CLT-2] while one socket is open its replacement is spread over a second, and nobody sees a loss', async () => {
  const connection = new Connection(half);
  await permitMs(connection);
  const old = connect(connection);
  const seen: string[] = [];
  connection.subscribe(() => seen.push(connection.get().status));
  expect(await permitMs(connection)).toBe(500);
  connect(connection);
  connection.lost(old, closeCodes.goingAway, '');
  expect(new Set(seen)).toEqual(new Set(['open']));
});

test('[CLT-2] the states of a link that is lost and found again are told in order', async () => {
  const connection = new Connection(half);
  const seen: unknown[] = [];
  connection.subscribe(() => seen.push(connection.get()));
  await permitMs(connection);
  connection.lost(connect(connection), 1006, '');
  await permitMs(connection);
  connect(connection);
  expect(seen).toEqual([
    { status: 'connecting', attempt: 1 },
    { status: 'open' },
    { status: 'waiting', attempt: 1, retryInMs: 125, code: 1006 },
    { status: 'connecting', attempt: 2 },
    { status: 'open' },
  ]);
});

test('[CLT-3] after 4401 no socket is permitted, and the reason is UNAUTHENTICATED', async () => {
  const connection = new Connection(half);
  await permitMs(connection);
  connection.lost(connect(connection), closeCodes.unauthenticated, 'token expired');
  expect(connection.get()).toEqual({ status: 'closed', code: 4401, reason: 'token expired' });
  expect(codeOf(connection.error)).toBe('UNAUTHENTICATED');
  await expect(connection.permit()).rejects.toBe(connection.error);
});

test('[CLT-18] close() cuts a wait for the next socket short and leaves no timer', async () => {
  const connection = new Connection(half);
  await permitMs(connection);
  connection.lost(connect(connection), 1006, '');
  const permitted = connection.permit();
  connection.close();
  await expect(permitted).rejects.toThrow('the client is closed');
  expect(vi.getTimerCount()).toBe(0);
  expect(connection.get()).toMatchObject({ status: 'closed', code: 1000 });
  connection.refuse('too late to matter');
  expect(connection.get()).toMatchObject({ status: 'closed', code: 1000 });
});

test('[CLT-32] retryNow() cuts the wait for the next socket short, and the waits after it are short again', async () => {
  const connection = new Connection(half);
  for (let attempt = 0; attempt < 6; attempt += 1) {
    await permitMs(connection);
    const failed = socket();
    connection.opening(failed);
    connection.lost(failed, 1006, '');
  }
  const from = Date.now();
  const permitted = connection.permit();
  await vi.advanceTimersByTimeAsync(100);
  connection.retryNow();
  await permitted;
  expect(Date.now() - from).toBe(100);
  expect(vi.getTimerCount()).toBe(0);
  const failed = socket();
  connection.opening(failed);
  connection.lost(failed, 1006, '');
  expect(connection.get()).toMatchObject({ status: 'waiting', retryInMs: 250 });
});

test('[CLT-32] retryNow() changes nothing while a socket is open, and nothing after the end', async () => {
  const connection = new Connection(half);
  await permitMs(connection);
  connect(connection);
  const replaced = permitMs(connection);
  connection.retryNow();
  expect(await replaced).toBe(500);
  connection.close();
  connection.retryNow();
  await expect(connection.permit()).rejects.toThrow('the client is closed');
});
