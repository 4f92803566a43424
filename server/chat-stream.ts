import type { Store, StoredView } from '../db/store.ts';
import { cursorWriter, parseCursor } from '../shared/cursor.ts';
import type { Position } from '../shared/cursor.ts';
import { SwitchboardError } from '../shared/errors.ts';
import type { ChatEvent, ChatView } from '../shared/events.ts';
import type { RunId, UserId } from '../shared/ids.ts';
import type { ChatFeed, FeedStep } from './chat-feed.ts';
import type { Connection } from './connection.ts';
import type { FeedReader } from './feed-reader.ts';

/** An event of `chat.stream` and the cursor that stands just after it. */
export interface StreamedEvent {
  readonly cursor: string;
  readonly event: ChatEvent;
}

export interface StreamOptions {
  readonly feed: ChatFeed;
  readonly store: Pick<Store, 'place' | 'view'>;
  readonly userId: UserId;
  readonly cursor: string | null;
  /** Ends the stream. */
  readonly signal: AbortSignal;
  /** Whose socket it goes to. */
  readonly connection: Pick<Connection, 'drained' | 'enter'>;
}

/** What goes out. */
type ToldStep = FeedStep & { readonly event: ChatEvent };

/** Entries of the chat log that are still replayed one by one; whoever is further behind gets a snapshot. */
const replayEntries = 1_000;

/**
 * A chat's events from a cursor on, or from a snapshot where there is none or it can't be served; and with a snapshot
 * whenever another branch is shown. Follows every later run, whoever starts it, and ends after `chat.deleted` or when the signal aborts.
 *
 * Pulls: while the socket is full nothing is read, and what was missed comes merged. Of many streams of one connection
 * few begin at once, or go on at once when the socket has room again. Errors: `NOT_FOUND`, `UNAVAILABLE`.
 */
export async function* streamChat(options: StreamOptions): AsyncGenerator<StreamedEvent, void, void> {
  const { feed, signal } = options;
  const reader = feed.openReader();
  signal.addEventListener('abort', reader.wakeNow);
  try {
    const write = cursorWriter(feed.chatId);
    for await (const { event, position } of steps(options, reader)) {
      yield { cursor: write(position), event };
      if (event.type === 'chat.deleted') return;
    }
  } finally {
    signal.removeEventListener('abort', reader.wakeNow);
    feed.closeReader(reader);
  }
}

async function* steps(options: StreamOptions, reader: FeedReader): AsyncGenerator<ToldStep, void, void> {
  const { connection, feed, signal } = options;
  let leave = await connection.enter();
  try {
    let position = leave && (await resumeAt(options));
    if (leave && !position) {
      const snapshot = await takeSnapshot(options);
      yield snapshot;
      position = snapshot.position;
    }
    while (leave && position && !signal.aborted) {
      const turn = feed.turns.next(reader);
      if (turn) await turn;
      if (connection.drained()) {
        leave();
        reader.backlog = [];
        leave = await connection.enter();
        continue;
      }
      const { version } = feed;
      const found = feed.next(position, reader);
      const next = found instanceof Promise ? await found : found;
      const step = next?.forgotten ? await withoutHole(options, next, next.forgotten) : next;
      if (step && !isTold(step)) {
        leave();
        leave = await connection.enter();
        const snapshot = leave && (await takeSnapshotAgain(options));
        if (snapshot) yield snapshot;
        position = (snapshot ?? step).position;
      } else if (step) {
        yield step;
        position = step.position;
        // Whoever asks for the next one has written this one.
        leave();
      } else if (feed.version === version && !signal.aborted) {
        leave();
        await reader.wait();
      }
    }
  } finally {
    leave?.();
  }
}

/** Where the cursor stands, if what follows it can be told in full; null: a snapshot is needed. */
async function resumeAt({ feed, store, userId, cursor }: StreamOptions): Promise<Position | null> {
  const position = cursor === null ? null : parseCursor(feed.chatId, cursor);
  if (!position) return null;
  const place = await store.place(userId, feed.chatId);
  feed.learn(place);
  const { seq, suspended } = place;
  if (position.chatSeq > seq || seq - position.chatSeq > replayEntries) return null;
  if (!feed.remembers(position.chatSeq, suspended)) return null;
  const log = feed.logAt(position.chatSeq);
  return log && position.runSeq > log.end ? null : position;
}

/**
 * Where the run of this question has ended the whole answer follows. As long as it is active only a snapshot has it, and
 * as long as a later stretch would be told that does not fit.
 */
async function withoutHole(options: StreamOptions, step: FeedStep, runId: RunId): Promise<FeedStep> {
  const { feed, store, userId } = options;
  const { suspended } = await store.place(userId, feed.chatId);
  return suspended?.runId === runId || feed.hasLogOf(runId) ? takeSnapshot(options) : step;
}

function isTold(step: FeedStep): step is ToldStep {
  return step.event.type !== 'branch.selected' && step.event.type !== 'answer.reset';
}

/** Null when the chat was deleted meanwhile, which its feed is going to tell. */
async function takeSnapshotAgain(options: StreamOptions): Promise<ToldStep | null> {
  try {
    return await takeSnapshot(options);
  } catch (error) {
    if (error instanceof SwitchboardError && error.code === 'NOT_FOUND') return null;
    throw error;
  }
}

async function takeSnapshot({ feed, store, userId }: StreamOptions): Promise<ToldStep> {
  const stored = await store.view(userId, feed.chatId);
  feed.learn(stored);
  const { view, runSeq } = withLiveAnswer(feed, stored);
  return { event: { type: 'snapshot', ...view }, position: { chatSeq: stored.seq, runSeq } };
}

/**
 * The database has an answer in the making as last recorded; memory has all of it. Before a run's log is there nothing
 * was recorded of it since it was put to work, and its content follows from the start.
 */
function withLiveAnswer(feed: ChatFeed, { view, seq }: StoredView): { view: ChatView; runSeq: number } {
  const log = feed.logAt(seq);
  if (!log) return { view, runSeq: 0 };
  const messages = view.messages.map((message) =>
    message.id === log.messageId ? { ...message, parts: log.parts() } : message,
  );
  const nodes = log.nodes();
  return { view: { ...view, messages, ...(nodes && { nodes }) }, runSeq: log.end };
}
