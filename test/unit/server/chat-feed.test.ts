import { describe, expect, test } from 'vitest';
import type { ChatLogEntry, Store } from '../../../db/store.ts';
import type { Position } from '../../../shared/cursor.ts';
import { ChatFeed } from '../../../server/chat-feed.ts';
import { ChatFeeds } from '../../../server/chat-feeds.ts';
import { RunLog } from '../../../server/run-log.ts';
import { Ticker } from '../../../server/ticker.ts';
import { limits } from '../../../shared/limits.ts';
import { sampleChat } from '../../helpers/samples.ts';
import { question } from '../../helpers/questions.ts';
import { sampleStart } from '../../helpers/scripted-run.ts';

const ticker = new Ticker();
const chat = sampleChat();
const renamed = (seq: number): ChatLogEntry => ({
  seq,
  event: { type: 'chat.updated', chat: { ...chat, title: `title ${seq}` } },
});

/** Everything that follows a place now, as short words, and the place after it. */
async function follow(feed: ChatFeed, from: Position): Promise<{ words: string[]; position: Position }> {
  const reader = feed.openReader();
  const words: string[] = [];
  let position = from;
  for (let step = await feed.next(position, reader); step; step = await feed.next(position, reader)) {
    const { event } = step;
    words.push(
      event.type === 'message.delta'
        ? event.text
        : event.type === 'chat.updated'
          ? String(event.chat.title)
          : event.type,
    );
    position = step.position;
  }
  feed.closeReader(reader);
  return { words, position };
}

/** A feed in which one run goes on, from entry 1. */
function runningFeed(entries: Store['entries'] = async () => []) {
  const feed = new ChatFeed(chat.id, { entries }, ticker);
  const started = sampleStart();
  const { run, message } = started;
  const log = new RunLog({ runId: run.id, messageId: message.id }, feed.wake);
  feed.attach(log, 1);
  feed.publish([
    { seq: 1, event: { type: 'run.started', run } },
    { seq: 2, event: { type: 'message.added', message } },
  ]);
  const end = (seq: number): ChatLogEntry[] => [
    { seq, event: { type: 'message.completed', message: { ...message, status: 'completed' } } },
    { seq: seq + 1, event: { type: 'run.ended', runId: run.id, status: 'completed' } },
  ];
  return { feed, log, end };
}

/** A run that asks at entry 3, is answered at entry 4 and goes on; these entries can be read from the database. */
function askingFeed(stored: number[] = []) {
  const entries = async (_: string, seq: number) =>
    [asked, answered].filter((entry) => entry.seq > seq && stored.includes(entry.seq));
  const { feed, log } = runningFeed(entries);
  const { subject: _, ...input } = { ...question(), runId: log.runId };
  const asked: ChatLogEntry = { seq: 3, event: { type: 'input.requested', input } };
  const event = { type: 'input.answered', inputId: input.id, answeredBy: 'local', value: 'left' } as const;
  const answered: ChatLogEntry = { seq: 4, event };
  const next = new RunLog({ runId: log.runId, messageId: log.messageId }, feed.wake, [
    { type: 'text', text: 'which?' },
  ]);
  return { feed, log, asked, answered, next };
}

describe('chat feed', () => {
  test('[FEED-1] entries of two transactions that are published the wrong way round come in their order', async () => {
    const database = [renamed(1), renamed(2)];
    const feed = new ChatFeed(
      chat.id,
      { entries: async (_, seq) => database.filter((entry) => entry.seq > seq) },
      ticker,
    );
    feed.publish([renamed(2)]);
    expect((await follow(feed, { chatSeq: 0, runSeq: 0 })).words).toEqual(['title 1', 'title 2']);
    feed.publish([renamed(1)]);
    expect((await follow(feed, { chatSeq: 0, runSeq: 0 })).words).toEqual(['title 1', 'title 2']);
  });

  test("[FEED-2] a run's content comes before its completion, other entries when they are there", async () => {
    const { feed, log, end } = runningFeed();
    log.appendText('text', 'one ');
    const first = await follow(feed, { chatSeq: 0, runSeq: 0 });
    expect(first.words).toEqual(['run.started', 'message.added', 'one ']);
    log.appendText('text', 'two');
    feed.publish([renamed(3)]);
    feed.publish(end(4));
    const second = await follow(feed, first.position);
    expect(second.words).toEqual(['title 3', 'two', 'message.completed', 'run.ended']);
    expect(second.position.chatSeq).toBe(5);
  });

  test("[FEED-7] a run's content is its own also when it is told before the end of the run before it", async () => {
    const { feed, log: before } = runningFeed();
    before.appendText('text', 'before');
    const { run, message } = sampleStart();
    const log = new RunLog({ runId: run.id, messageId: message.id }, feed.wake);
    // Entries 3 and 4, the end of the run before, are in the database; its answer to us is still under way.
    feed.attach(log, 5);
    feed.publish([
      { seq: 5, event: { type: 'run.started', run } },
      { seq: 6, event: { type: 'message.added', message } },
    ]);
    log.appendText('text', 'after');
    expect((await follow(feed, { chatSeq: 6, runSeq: 0 })).words).toEqual(['after']);
    expect(feed.logAt(2)).toBe(before);
  });

  test('[FEED-3] a reader who is further behind than memory reaches gets every entry from the database, once', async () => {
    const database = Array.from({ length: 350 }, (_, index) => renamed(index + 1));
    let queries = 0;
    const entries = async (_: string, seq: number, limit: number) => {
      queries += 1;
      return database.filter((entry) => entry.seq > seq).slice(0, limit);
    };
    const feed = new ChatFeed(chat.id, { entries }, ticker);
    feed.publish(database);
    const { words } = await follow(feed, { chatSeq: 0, runSeq: 0 });
    expect(words).toEqual(database.map(({ seq }) => `title ${seq}`));
    expect(queries).toBeLessThanOrEqual(14);
  });

  test('[FEED-4] a chat that is deleted while a reader is behind ends with chat.deleted', async () => {
    const feed = new ChatFeed(chat.id, { entries: async () => [] }, ticker);
    feed.learn({ seq: 200, suspended: null });
    feed.publish([{ seq: 201, event: { type: 'chat.deleted', chatId: chat.id } }]);
    expect((await follow(feed, { chatSeq: 3, runSeq: 0 })).words).toEqual(['chat.deleted']);
  });

  test("[FEED-5] an ended run's log is kept for a while and within the limit, and without it the completion says it all", async () => {
    const feeds = new ChatFeeds({ entries: async () => [] }, ticker, { ...limits, endedRunsText: 10 });
    const { feed, log, end } = runningFeed();
    log.appendText('text', '1234567');
    feed.publish(end(3));
    feeds.keepEnded(feed, log);
    expect((await follow(feed, { chatSeq: 2, runSeq: 5 })).words).toEqual(['67', 'message.completed', 'run.ended']);
    const other = runningFeed();
    other.log.appendText('text', '1234567');
    feeds.keepEnded(other.feed, other.log);
    expect((await follow(feed, { chatSeq: 2, runSeq: 5 })).words).toEqual(['message.completed', 'run.ended']);
    feeds.close();
    expect([feed.isIdle, other.feed.isIdle]).toEqual([true, true]);
  });

  test('[ASK-10] content comes before its question and after its answer, and each stretch counts from 0', async () => {
    const { feed, log, asked, answered, next } = askingFeed();
    log.appendText('text', 'which?');
    feed.publish([asked]);
    const first = await follow(feed, { chatSeq: 0, runSeq: 0 });
    expect(first.words).toEqual(['run.started', 'message.added', 'which?', 'input.requested']);
    expect(first.position).toEqual({ chatSeq: 3, runSeq: 6 });
    feed.publish([answered]);
    const second = await follow(feed, first.position);
    expect(second).toEqual({ words: ['input.answered'], position: { chatSeq: 4, runSeq: 0 } });
    feed.attach(next, 4, 3);
    next.appendText('text', ' left');
    expect((await follow(feed, second.position)).words).toEqual([' left']);
    expect((await follow(feed, { chatSeq: 2, runSeq: 3 })).words).toEqual([
      'ch?',
      'input.requested',
      'input.answered',
      ' left',
    ]);
  });

  test('[ASK-10] a stretch is over when the database says so, also before that is told here', async () => {
    const { feed, log, asked, answered, next } = askingFeed([3, 4]);
    log.appendText('text', 'which?');
    // The question and its answer are stored; whoever asked has not been told yet.
    feed.learn({ seq: 4, suspended: { runId: log.runId, seq: 3 } });
    expect(feed.logAt(4)).toBeNull();
    const reached = await follow(feed, { chatSeq: 2, runSeq: 0 });
    expect(reached).toEqual({
      words: ['which?', 'input.requested', 'input.answered'],
      position: { chatSeq: 4, runSeq: 0 },
    });
    feed.publish([asked, answered]);
    feed.attach(next, 4, 3);
    next.appendText('text', ' left');
    expect((await follow(feed, reached.position)).words).toEqual([' left']);
    // A reader who comes upon it in the database ends it as well.
    const other = askingFeed([3, 4]);
    other.log.appendText('text', 'which?');
    other.feed.learn({ seq: 4, suspended: null });
    expect((await follow(other.feed, { chatSeq: 2, runSeq: 0 })).words).toEqual(reached.words);
    expect(other.feed.logAt(4)).toBeNull();
  });

  test('[ASK-10] what is forgotten is told as such, and the places from which all is remembered are known', async () => {
    const { feed, log, asked, answered, next } = askingFeed();
    const place = { runId: log.runId, seq: 9 };
    log.appendText('text', 'which?');
    feed.publish([asked, answered]);
    feed.attach(next, 4, 3);
    expect([0, 2, 3, 9].map((seq) => feed.remembers(seq, place))).toEqual([true, true, true, true]);
    feed.detach(log);
    expect([0, 2, 3, 4, 8].map((seq) => feed.remembers(seq, place))).toEqual([false, false, true, true, true]);
    const reader = feed.openReader();
    expect(await feed.next({ chatSeq: 2, runSeq: 0 }, reader)).toMatchObject({ forgotten: log.runId });
    expect(feed.hasLogOf(log.runId)).toBe(true);
    feed.detach(next);
    expect([8, 9].map((seq) => feed.remembers(seq, place))).toEqual([false, true]);
    expect(feed.remembers(0, null)).toBe(true);
    feed.closeReader(reader);
    expect(feed.isIdle).toBe(true);
  });
});
