import { expect, test } from 'vitest';
import { Stopping } from '../../../../server/commands/stopping.ts';

/** A server with so many answers under way, which end when the test says so or when they get no more time. */
function stopping(runs: number, drainSeconds = 10) {
  const drained = Promise.withResolvers<void>();
  const exited = Promise.withResolvers<number>();
  const drains: number[] = [];
  const told: string[] = [];
  let time = 1_000;
  const server = {
    census: () => ({ connections: 0, runs, streams: 0 }),
    drain: (ms = 0) => {
      drains.push(ms);
      if (ms === 0) drained.resolve();
      return drained.promise;
    },
    close: async () => {},
  };
  const stop = new Stopping({
    server,
    drainSeconds,
    now: () => time,
    tell: (words) => void told.push(words),
    exit: exited.resolve,
  });
  return { stop, drains, told, exited: exited.promise, end: drained.resolve, pass: (ms: number) => void (time += ms) };
}

test('[SIG-3] it says how many answers it waits for and how long, and exits with 0 when they have ended', async () => {
  const { stop, told, end, exited } = stopping(2);
  stop.signal('SIGTERM');
  expect(told).toEqual(['Stopping: waiting up to 10 s for 2 answers; press Ctrl-C again to leave at once.']);
  end();
  expect(await exited).toBe(0);
});

test.each([
  [0, 10],
  [1, 0],
])('[SIG-3] with %i answers and %i seconds for them there is nothing to say', async (runs, seconds) => {
  const { stop, told, end, exited } = stopping(runs, seconds);
  stop.signal('SIGINT');
  end();
  expect(await exited).toBe(0);
  expect(told).toEqual([]);
});

test('[SIG-3] the Ctrl-C that npm passes on, and any SIGTERM, change nothing; a later Ctrl-C ends the wait', async () => {
  const { stop, told, drains, exited, pass } = stopping(1);
  stop.signal('SIGINT');
  stop.signal('SIGINT');
  pass(300);
  stop.signal('SIGINT');
  pass(10_000);
  stop.signal('SIGTERM');
  expect(drains).toEqual([10_000]);
  stop.signal('SIGINT');
  stop.signal('SIGINT');
  expect(drains).toEqual([10_000, 0]);
  expect(told).toHaveLength(2);
  expect(await exited).toBe(0);
});
