import { describe, expect, test } from 'vitest';
import type { ChatLogEntry } from '../../../db/store.ts';
import type { Position } from '../../../shared/cursor.ts';
import { ChatFeed } from '../../../server/chat-feed.ts';
import { ChatFeeds } from '../../../server/chat-feeds.ts';
import { RunLog } from '../../../server/run-log.ts';
import { Ticker } from '../../../server/ticker.ts';
import { limits } from '../../../shared/limits.ts';
import { sampleChat } from '../../helpers/samples.ts';
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
function runningFeed() {
  const feed = new ChatFeed(chat.id, { entries: async () => [] }, ticker);
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
});
