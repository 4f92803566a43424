import { setTimeout as delay } from 'node:timers/promises';
import type { Change, StartedRun, Store } from '../db/store.ts';
import type { ChatId, RunId, UserId } from '../shared/ids.ts';
import type { RunStatus } from '../shared/run.ts';
import { RunExecutor } from './run-executor.ts';
import type { RunExecutorOptions } from './run-executor.ts';
import { RunRoom } from './run-room.ts';
import type { RunSeat } from './run-room.ts';
import type { Halt } from './run-state.ts';
import { Turns } from './turns.ts';
import { isAway, untilStored } from './until-stored.ts';

export type DispatcherOptions = Omit<RunExecutorOptions, 'signal'>;

/** What may come of a change that can start a run. */
type Start = Change & { readonly started?: StartedRun };

/** What a run's end may take before whoever asked for it is told that it still goes on. */
const endingMs = 2_000;

/**
 * Decides what runs here and when: starts runs where there is room, the next of a chat when the one before has ended, one
 * that has waited for a person when that one has answered.
 *
 * Nothing here belongs to a socket. What can start a run of a chat is done one after the other, so that what the
 * database says is running and what runs here are the same whenever the next one looks.
 */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #executor: RunExecutor;
  readonly #turns = new Turns<ChatId>();
  readonly #room: RunRoom;
  /** Chats whose next run found no room here, and whose they are. */
  readonly #waiting = new Map<ChatId, UserId>();
  /** Chats of which an answer of the database was lost: what it says is running may run nowhere. */
  readonly #doubtful = new Set<ChatId>();
  readonly #closed = new AbortController();
  #drain: 'no' | 'no new runs' | 'no runs' = 'no';

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#room = new RunRoom(options.limits);
    this.#executor = new RunExecutor({ ...options, signal: this.#closed.signal });
  }

  /** Settles what the last process on this database left at work; tells in which chats runs are due or queued. */
  recover(): ReturnType<Store['recover']> {
    return this.#options.store.recover(this.#executor.recall);
  }

  /** The runs that are executed here now. */
  get runs(): ReadonlyMap<RunId, unknown> {
    return this.#executor.runs;
  }

  get isDraining(): boolean {
    return this.#drain !== 'no';
  }

  /**
   * Makes a change that may start a run of this user's chat, tells the chat's watchers and executes the run.
   *
   * @param write told whether there is room for a run; where there is none the chat waits for one
   */
  async start<Result extends Start | null>(
    chatId: ChatId,
    userId: UserId,
    write: (mayStart: boolean) => Promise<Result>,
  ): Promise<Result> {
    try {
      return await this.#turns.take(chatId, () => this.#startInTurn(chatId, userId, write));
    } catch (error) {
      if (isAway(error)) {
        this.#doubtful.add(chatId);
        void this.advance(chatId, userId);
      }
      throw error;
    }
  }

  /** Puts the chat to work, if that can be done here now: a run that is due, or else its first queued one. Never rejects. */
  async advance(chatId: ChatId, userId: UserId): Promise<void> {
    if (this.isDraining) return;
    const { logger, store } = this.#options;
    const startNext = async (mayStart: boolean) => (mayStart ? store.startNext(chatId) : null);
    const start = () => this.#turns.take(chatId, () => this.#startInTurn(chatId, userId, startNext));
    try {
      const onAway = () => this.#doubtful.add(chatId);
      await untilStored(start, { logger, signal: this.#closed.signal, onAway });
    } catch (error) {
      logger.error({ err: error, chatId }, 'the next run of a chat could not be started');
    }
  }

  /** Ends a run from outside and waits until that is stored; null when the run is not here. */
  async halt(chatId: ChatId, runId: RunId, halt: Halt): Promise<RunStatus | null> {
    // It may have been started in the database and not yet here.
    await this.#turns.take(chatId, async () => {});
    const end = this.#executor.ends.get(runId)?.then(({ status }) => status);
    this.#executor.runs.get(runId)?.halt(halt);
    return end ? within(endingMs, end, 'running') : null;
  }

  /**
   * No new runs from here on. Active ones get this long, then they end `interrupted`; queued ones stay queued for the
   * next start. Called again it may only shorten that.
   */
  async drain(ms: number): Promise<void> {
    if (this.#drain === 'no') this.#drain = 'no new runs';
    await within(ms, this.#allEnded(), undefined);
    this.#drain = 'no runs';
    for (const run of this.#executor.runs.values()) run.halt({ kind: 'drain' });
    await within(endingMs, this.#allEnded(), undefined);
    this.#closed.abort();
  }

  async #allEnded(): Promise<void> {
    await this.#turns.allDone();
    await Promise.all(this.#executor.ends.values());
  }

  async #startInTurn<Result extends Start | null>(
    chatId: ChatId,
    userId: UserId,
    write: (mayStart: boolean) => Promise<Result>,
  ): Promise<Result> {
    if (this.#doubtful.has(chatId)) await this.#settleDoubt(chatId, userId);
    const seat = this.isDraining ? null : this.#room.take(userId);
    this.#waiting.delete(chatId);
    let isSeated = false;
    try {
      const result = await write(seat !== null);
      isSeated = result?.started !== undefined;
      if (result?.started) await this.#execute(result.started, result, seat);
      else if (result) this.#options.feeds.publish(chatId, result);
      return result;
    } finally {
      if (!isSeated) seat?.leave();
      if (!seat) this.#waiting.set(chatId, userId);
      this.#advanceWaiting();
    }
  }

  /** What the database says is running and what nobody executes was started by a change whose answer was lost. */
  async #settleDoubt(chatId: ChatId, userId: UserId): Promise<void> {
    const change = await this.#options.store.abandon(chatId, [...this.runs.keys()], this.#executor.recall);
    this.#doubtful.delete(chatId);
    if (!change) return;
    this.#options.feeds.publish(chatId, change);
    // It may be due again.
    void this.advance(chatId, userId);
  }

  async #execute(started: StartedRun, change: Change, seat: RunSeat | null): Promise<void> {
    const { id, chatId } = started.run;
    // The database may have said that it waits before we were told so.
    if (started.resumed) await this.#executor.ends.get(id);
    const run = this.#executor.execute(started, change);
    if (this.#drain === 'no runs') run.halt({ kind: 'drain' });
    void this.#executor.ends.get(id)?.then(({ isStored }) => {
      seat?.leave();
      if (!isStored) this.#doubtful.add(chatId);
      return this.advance(chatId, started.userId);
    });
  }

  /** There may be room again: for as many chats as there is room for, in the order in which they came. */
  #advanceWaiting(): void {
    const seats = new Map<ChatId, RunSeat>();
    for (const [chatId, userId] of this.#waiting) {
      if (this.isDraining || this.#room.isFull) break;
      const seat = this.#room.take(userId);
      if (seat) seats.set(chatId, seat);
    }
    // Taken to count them; each chat takes its own when it is its turn.
    for (const seat of seats.values()) seat.leave();
    for (const chatId of seats.keys()) {
      const userId = this.#waiting.get(chatId);
      this.#waiting.delete(chatId);
      if (userId !== undefined) void this.advance(chatId, userId);
    }
  }
}

/** The promise's result, or another one when it takes longer. Leaves no timer. */
async function within<Result>(ms: number, promise: Promise<Result>, late: Result): Promise<Result> {
  const timeout = new AbortController();
  const tooLate = delay(ms, late, { signal: timeout.signal }).catch(() => late);
  return Promise.race([promise, tooLate]).finally(() => timeout.abort());
}
