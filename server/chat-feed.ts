import type { ChatLogEntry, ChatPlace, InnerEvent, Store } from '../db/store.ts';
import type { Position } from '../shared/cursor.ts';
import type { ChatEvent } from '../shared/events.ts';
import type { ChatId, RunId } from '../shared/ids.ts';
import { FeedReader } from './feed-reader.ts';
import { FeedTurns } from './feed-turns.ts';
import type { RunLog, RunStep } from './run-log.ts';
import type { Ticker } from './ticker.ts';

/** An event and the place just after it. What another branch, or a reset answer, looks like is not in the logs: whoever reads has to find out. */
export interface FeedStep {
  readonly event: ChatEvent | InnerEvent;
  readonly position: Position;
  /** The run whose content before this is not in memory any more. Unless that run has ended, a reader would be left with a hole. */
  readonly forgotten?: RunId;
}

/** The log of a run, or of a stretch of it, and where in the chat log that began and ended. */
interface FedRun {
  readonly log: RunLog;
  readonly startSeq: number;
  /** Where the stretch before it ended; 0 when this is the run's first one. */
  readonly suspendedSeq: number;
  endSeq: number;
}

const endsContent: ReadonlySet<ChatLogEntry['event']['type']> = new Set([
  'message.completed',
  'run.ended',
  'input.requested',
]);
const startsContent: ReadonlySet<ChatLogEntry['event']['type']> = new Set([
  'run.started',
  'input.answered',
  'answer.reset',
]);

/** Entries kept in memory: two turns and some, so that whoever keeps up never asks the database. Some hold whole answers. */
const tailLength = 16;
/** Entries read from the database at once by a reader who is further behind. */
const batchLength = 24;

/**
 * What happens in one chat, for everybody who watches it: its durable log and the logs of its runs, as one order.
 *
 * An entry of the chat log comes as soon as it is there, except that a run's content comes before its question or its
 * completion.
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

  /** Takes in what the database says of the chat. */
  learn({ seq, suspended }: ChatPlace): void {
    // What came before the active run's question has ended, also when that has not been told here yet.
    if (suspended) this.#endStretches(suspended.seq);
    this.#advanceTo(seq);
  }

  /** The chat log reaches at least this far. */
  #advanceTo(seq: number): void {
    if (seq <= this.#latestSeq) return;
    this.#latestSeq = seq;
    this.#version += 1;
    for (const reader of this.readers) reader.wakeNow();
  }

  /** New entries of the chat log, after their transaction. Those of two transactions may come in either order. */
  publish(entries: readonly ChatLogEntry[]): void {
    for (const entry of entries) {
      this.#tail.set(entry.seq, entry);
      this.#markEnd(entry);
    }
    for (const seq of this.#tail.keys()) {
      if (this.#tail.size <= tailLength) break;
      this.#tail.delete(seq);
    }
    this.#advanceTo(entries.at(-1)?.seq ?? 0);
  }

  /**
   * Takes in the log of a run that begins, or goes on, at this entry of the chat log; `onAppend` of the log has to be
   * `wake`.
   *
   * @param suspendedSeq where the stretch before ended; 0 when this is the run's first one
   */
  attach(log: RunLog, startSeq: number, suspendedSeq = 0): void {
    this.#runs.push({ log, startSeq, suspendedSeq, endSeq: Number.POSITIVE_INFINITY });
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

  /** Whether everything that the active run did after this place can be told. */
  remembers(chatSeq: number, suspended: ChatPlace['suspended']): boolean {
    if (!suspended || chatSeq >= suspended.seq) return true;
    // The oldest are forgotten first.
    const oldest = this.#runs.find(({ log }) => log.runId === suspended.runId);
    return oldest !== undefined && chatSeq >= oldest.suspendedSeq;
  }

  /** Whether anything that this run did can still be told. */
  hasLogOf(runId: RunId): boolean {
    return this.#runs.some(({ log }) => log.runId === runId);
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
    const { event, seq } = entry;
    const content = endsContent.has(event.type) ? this.#nextOfRun(position) : null;
    if (content) return content;
    // Also a queued run may end while another one is active; only a start is the start of other content.
    const runSeq = startsContent.has(event.type) ? 0 : position.runSeq;
    const step = { event, position: { chatSeq: seq, runSeq } };
    // A completion brings all that came before it along, a question does not.
    const isForgotten = event.type === 'input.requested' && !this.logAt(position.chatSeq);
    return isForgotten ? { ...step, forgotten: event.input.runId } : step;
  }

  #nextOfRun(position: Position): FeedStep | null {
    const step: RunStep | null = this.logAt(position.chatSeq)?.next(position.runSeq) ?? null;
    return step && { event: step.event, position: { chatSeq: position.chatSeq, runSeq: step.seq } };
  }

  async #load(position: Position, reader: FeedReader): Promise<FeedStep | null> {
    reader.backlog = await this.#store.entries(this.chatId, position.chatSeq, batchLength);
    // It may be here before whoever wrote it was told so.
    for (const entry of reader.backlog) this.#markEnd(entry);
    // A chat that was deleted meanwhile has no entries in the database any more; its last one is in the tail.
    const entry = reader.takeFromBacklog(position.chatSeq + 1) ?? this.#tail.get(this.#latestSeq);
    return entry ? this.#nextOfChat(position, entry) : null;
  }

  #markEnd({ event, seq }: ChatLogEntry): void {
    if (event.type === 'input.requested' || event.type === 'answer.reset') return this.#endStretches(seq);
    if (event.type === 'run.ended') this.#endStretches(seq, event.runId);
  }

  /** What began before this has ended by now: of this run, or of all since only the active one asks. */
  #endStretches(seq: number, runId?: RunId): void {
    for (const run of this.#runs) {
      const isMeant = runId === undefined || run.log.runId === runId;
      if (isMeant && run.startSeq < seq) run.endSeq = Math.min(run.endSeq, seq);
    }
  }
}
