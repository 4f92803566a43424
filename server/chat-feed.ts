import type { BranchSelected, ChatLogEntry, Store } from '../db/store.ts';
import type { Position } from '../shared/cursor.ts';
import type { ChatEvent } from '../shared/events.ts';
import type { ChatId } from '../shared/ids.ts';
import { FeedReader } from './feed-reader.ts';
import { FeedTurns } from './feed-turns.ts';
import type { RunLog, RunStep } from './run-log.ts';
import type { Ticker } from './ticker.ts';

/** An event and the place just after it. What another branch looks like is not in the logs: whoever reads has to find out. */
export interface FeedStep {
  readonly event: ChatEvent | BranchSelected;
  readonly position: Position;
}

/** A run's log and where in the chat log the run began and ended. */
interface FedRun {
  readonly log: RunLog;
  readonly startSeq: number;
  endSeq: number;
}

/** Entries kept in memory: two turns and some, so that whoever keeps up never asks the database. Some hold whole answers. */
const tailLength = 16;
/** Entries read from the database at once by a reader who is further behind. */
const batchLength = 24;

/**
 * What happens in one chat, for everybody who watches it: its durable log and the logs of its runs, as one order.
 *
 * An entry of the chat log comes as soon as it is there, except that a run's content comes before its completion.
 * Lives while somebody watches, a run is active or an ended run's log is still kept.
 */
export class ChatFeed {
  readonly chatId: ChatId;
  readonly readers = new Set<FeedReader>();
  /** Those of all chats. */
  readonly turns: FeedTurns;
  readonly #store: Pick<Store, 'entries'>;
  readonly #ticker: Ticker;
  readonly #tail = new Map<number, ChatLogEntry>();
  #runs: FedRun[] = [];
  #latestSeq = 0;
  #version = 0;

  constructor(chatId: ChatId, store: Pick<Store, 'entries'>, ticker: Ticker, turns = new FeedTurns()) {
    this.turns = turns;
    this.chatId = chatId;
    this.#store = store;
    this.#ticker = ticker;
  }

  /** Whether nobody needs it any more. */
  get isIdle(): boolean {
    return this.readers.size === 0 && this.#runs.length === 0;
  }

  /** Changes whenever something was added: a reader that found nothing waits only if it is still the same. */
  get version(): number {
    return this.#version;
  }

  /** Says that the chat log reaches at least this far. */
  advanceTo(seq: number): void {
    if (seq <= this.#latestSeq) return;
    this.#latestSeq = seq;
    this.#version += 1;
    for (const reader of this.readers) reader.wakeNow();
  }

  /** New entries of the chat log, after their transaction. Those of two transactions may come in either order. */
  publish(entries: readonly ChatLogEntry[]): void {
    for (const entry of entries) {
      this.#tail.set(entry.seq, entry);
      if (entry.event.type === 'run.ended') this.#markEnd(entry.event.runId, entry.seq);
    }
    for (const seq of this.#tail.keys()) {
      if (this.#tail.size <= tailLength) break;
      this.#tail.delete(seq);
    }
    this.advanceTo(entries.at(-1)?.seq ?? 0);
  }

  /** Takes in the log of a run that begins at this entry of the chat log; `onAppend` of the log has to be `wake`. */
  attach(log: RunLog, startSeq: number): void {
    this.#runs.push({ log, startSeq, endSeq: Number.POSITIVE_INFINITY });
  }

  detach(log: RunLog): void {
    this.#runs = this.#runs.filter((run) => run.log !== log);
  }

  /** Called for each append to a run's log. */
  readonly wake = (): void => {
    this.#version += 1;
    for (const reader of this.readers) reader.wake();
  };

  /** The log of the run that is active at this place of the chat log, if it is in memory. */
  logAt(chatSeq: number): RunLog | null {
    // The newest start counts: the end of the run before it may be stored and not yet told here.
    const run = this.#runs.findLast(({ startSeq }) => startSeq <= chatSeq);
    return run && chatSeq < run.endSeq ? run.log : null;
  }

  openReader(): FeedReader {
    const reader = new FeedReader(this.#ticker);
    this.readers.add(reader);
    return reader;
  }

  closeReader(reader: FeedReader): void {
    reader.close();
    this.readers.delete(reader);
  }

  /** What follows this place; null when nothing does yet. Asks the database only for what is not in memory. */
  next(position: Position, reader: FeedReader): FeedStep | null | Promise<FeedStep | null> {
    if (position.chatSeq >= this.#latestSeq) return this.#nextOfRun(position);
    const entry = this.#tail.get(position.chatSeq + 1) ?? reader.takeFromBacklog(position.chatSeq + 1);
    return entry ? this.#nextOfChat(position, entry) : this.#load(position, reader);
  }

  #nextOfChat(position: Position, entry: ChatLogEntry): FeedStep {
    const endsRun = entry.event.type === 'message.completed' || entry.event.type === 'run.ended';
    const content = endsRun ? this.#nextOfRun(position) : null;
    if (content) return content;
    // Also a queued run may end while another one is active; only a start is the start of another run's content.
    const runSeq = entry.event.type === 'run.started' ? 0 : position.runSeq;
    return { event: entry.event, position: { chatSeq: entry.seq, runSeq } };
  }

  #nextOfRun(position: Position): FeedStep | null {
    const step: RunStep | null = this.logAt(position.chatSeq)?.next(position.runSeq) ?? null;
    return step && { event: step.event, position: { chatSeq: position.chatSeq, runSeq: step.seq } };
  }

  async #load(position: Position, reader: FeedReader): Promise<FeedStep | null> {
    reader.backlog = await this.#store.entries(this.chatId, position.chatSeq, batchLength);
    // A chat that was deleted meanwhile has no entries in the database any more; its last one is in the tail.
    const entry = reader.takeFromBacklog(position.chatSeq + 1) ?? this.#tail.get(this.#latestSeq);
    return entry ? this.#nextOfChat(position, entry) : null;
  }

  #markEnd(runId: string, seq: number): void {
    const run = this.#runs.find((candidate) => candidate.log.runId === runId);
    if (run) run.endSeq = seq;
  }
}
