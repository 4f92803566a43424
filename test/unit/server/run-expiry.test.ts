import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ExpiredInputs } from '../../../db/store.ts';
import { createLogger } from '../../../server/logger.ts';
import { RunExpiry } from '../../../server/run-expiry.ts';
import type { ChatId } from '../../../shared/ids.ts';
import { newId } from '../../../shared/new-id.ts';
import { userId } from '../../helpers/samples.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();

/** A store in which one question expires at each of these times. */
function setUp(times: string[]) {
  const looks: number[] = [];
  const expired: ChatId[] = [];
  let isAway = false;
  const expireInputs = async (): Promise<ExpiredInputs> => {
    looks.push(Date.now());
    if (isAway) throw new Error('away');
    const late = times.filter((time) => Date.parse(time) <= Date.now());
    times.splice(0, times.length, ...times.filter((time) => !late.includes(time)).toSorted());
    const chats = late.map(() => newId<ChatId>());
    const due = chats.map((chatId) => ({ chatId, userId }));
    return { expired: chats.map((chatId) => ({ chatId, entries: [] })), due, nextAt: times[0] ?? null };
  };
  const told: ChatId[] = [];
  const onExpired = (chatId: ChatId) => void told.push(chatId);
  const onDue = (chatId: ChatId) => {
    expect(told.at(-1)).toBeDefined();
    expired.push(chatId);
  };
  const expiry = new RunExpiry({ store: { expireInputs }, logger: createLogger('silent'), onExpired, onDue });
  return { expiry, looks, expired, goAway: (away: boolean) => (isAway = away) };
}

describe('run expiry', () => {
  test('[ASK-6] what has expired is looked for at the start, then with one timer for all when the next one is due', async () => {
    const { expiry, expired, looks } = setUp([inMs(-5), inMs(2_000), inMs(1_000), inMs(90_000_000)]);
    await expiry.look();
    expect(expired.length).toBe(1);
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(expired.length).toBe(2);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(expired.length).toBe(3);
    expect(looks.length).toBe(3);
    // A month fits into no timer: it is looked again meanwhile.
    await vi.advanceTimersByTimeAsync(90_000_000);
    expect(expired.length).toBe(4);
    expect(vi.getTimerCount()).toBe(0);
    await expiry.close();
  });

  test('[ASK-6] a question that is asked meanwhile and expires first moves the timer; a later one does not', async () => {
    const times = [inMs(10_000)];
    const { expiry, expired } = setUp(times);
    await expiry.look();
    for (const ms of [5_000, 20_000]) {
      times.push(inMs(ms));
      expiry.note(inMs(ms));
      expect(vi.getTimerCount()).toBe(1);
    }
    await vi.advanceTimersByTimeAsync(5_000);
    expect(expired.length).toBe(1);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(expired.length).toBe(3);
    await expiry.close();
  });

  test('[ASK-6] while the database is away it is looked again, and after its close not any more', async () => {
    const { expiry, expired, goAway } = setUp([inMs(1_000), inMs(60_000)]);
    await expiry.look();
    goAway(true);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(expired.length).toBe(0);
    goAway(false);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(expired.length).toBe(1);
    await expiry.close();
    expiry.note(inMs(1));
    expect(vi.getTimerCount()).toBe(0);
  });
});
