import { setTimeout as delay } from 'node:timers/promises';
import type { Change, FinishedRun, StartedRun, Store } from '../db/store.ts';
import type { AppKind } from '../shared/chat.ts';
import { SwitchboardError } from '../shared/errors.ts';
import { newId } from '../shared/new-id.ts';
import type { ChatId, RunId } from '../shared/ids.ts';
import type { Limits } from '../shared/limits.ts';
import type { RunStatus } from '../shared/run.ts';
import type { ChatFeeds } from './chat-feeds.ts';
import type { ChatHandler } from './handlers/handler.ts';
import type { Logger } from './logger.ts';
import { RunLog } from './run-log.ts';
import { RunRecorder } from './run-recorder.ts';
import type { Halt } from './run-state.ts';
import { Run } from './run.ts';
import { Turns } from './turns.ts';

export interface DispatcherOptions {
  readonly store: Store;
  readonly feeds: ChatFeeds;
  readonly handlers: Readonly<Record<AppKind, ChatHandler>>;
  readonly limits: Limits;
  readonly logger: Logger;
}

/** What may come of a change that can start a run. */
type Start = Change & { readonly started?: StartedRun };

/** Between two tries while the database is away; the runs wait with their answers in memory. */
const retryEveryMs = 500;
/** What a run's end may take before whoever asked for it is told that it still goes on. */
const endingMs = 2_000;
/** Entries that a run adds to its chat's log, and others meanwhile: read again when the answer of its end was lost. */
const entriesOfRun = 1_000;

/**
 * Executes runs: takes over what the database says has started, gives it to its kind's handler, and stores its end.
 *
 * Nothing here belongs to a socket. What can start a run of a chat is done one after the other, so that what the
 * database says is running and what runs here are the same whenever the next one looks.
 */
export class Dispatcher {
  readonly runs = new Map<RunId, Run>();
  readonly #options: DispatcherOptions;
  readonly #recorder: RunRecorder;
  readonly #turns = new Turns<ChatId>();
  readonly #ends = new Map<RunId, Promise<RunStatus>>();
  /** Chats whose next run found no room here. */
  readonly #waiting = new Set<ChatId>();
  /** Chats of which an answer of the database was lost: what it says is running may run nowhere. */
  readonly #doubtful = new Set<ChatId>();
  readonly #closed = new AbortController();
  #reserved = 0;
  #drain: 'no' | 'no new runs' | 'no runs' = 'no';

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#recorder = new RunRecorder(options.store, (error) =>
      options.logger.warn({ err: error }, 'answers could not be recorded; trying again'),
    );
  }

  get isDraining(): boolean {
    return this.#drain !== 'no';
  }

  /**
   * Makes a change that may start a run, tells the chat's watchers and executes the run.
   *
   * @param write told whether there is room for a run; where there is none the chat waits for one
   */
  async start<Result extends Start | null>(
    chatId: ChatId,
    write: (mayStart: boolean) => Promise<Result>,
  ): Promise<Result> {
    try {
      return await this.#turns.take(chatId, () => this.#startInTurn(chatId, write));
    } catch (error) {
      if (!isAway(error)) throw error;
      this.#doubtful.add(chatId);
      void this.advance(chatId);
      throw error;
    }
  }

  /** Starts the chat's first queued run, if it can be started here now. Never rejects. */
  async advance(chatId: ChatId): Promise<void> {
    if (this.isDraining) return;
    const start = () =>
      this.#turns.take(chatId, () =>
        this.#startInTurn(chatId, async (mayStart) => (mayStart ? this.#options.store.startNext(chatId) : null)),
      );
    try {
      await this.#untilStored(start, () => this.#doubtful.add(chatId));
    } catch (error) {
      this.#options.logger.error({ err: error, chatId }, 'the next run of a chat could not be started');
    }
  }

  /** Ends a run from outside and waits until that is stored; null when the run is not here. */
  async halt(chatId: ChatId, runId: RunId, halt: Halt): Promise<RunStatus | null> {
    // It may have been started in the database and not yet here.
    await this.#turns.take(chatId, async () => {});
    const end = this.#ends.get(runId);
    this.runs.get(runId)?.halt(halt);
    return end ? within(endingMs, end, 'running') : null;
  }

  /**
   * No new runs from here on. Active ones get this long, then they end `interrupted`; queued ones stay queued for the
   * next start.
   */
  async drain(ms: number): Promise<void> {
    this.#drain = 'no new runs';
    await within(ms, this.#allEnded(), undefined);
    this.#drain = 'no runs';
    for (const run of this.runs.values()) run.halt({ kind: 'drain' });
    await within(endingMs, this.#allEnded(), undefined);
    this.#closed.abort();
  }

  async #allEnded(): Promise<void> {
    await this.#turns.allDone();
    await Promise.all(this.#ends.values());
  }

  async #startInTurn<Result extends Start | null>(
    chatId: ChatId,
    write: (mayStart: boolean) => Promise<Result>,
  ): Promise<Result> {
    if (this.#doubtful.has(chatId)) await this.#settleDoubt(chatId);
    const mayStart = this.#hasRoom;
    this.#waiting.delete(chatId);
    this.#reserved += mayStart ? 1 : 0;
    try {
      const result = await write(mayStart);
      if (result?.started) this.#execute(result.started, result);
      else if (result) this.#options.feeds.publish(chatId, result);
      return result;
    } finally {
      this.#reserved -= mayStart ? 1 : 0;
      if (!mayStart) this.#waiting.add(chatId);
      this.#advanceWaiting();
    }
  }

  /** What the database says is running and what nobody executes was started by a change whose answer was lost. */
  async #settleDoubt(chatId: ChatId): Promise<void> {
    const change = await this.#options.store.abandon(chatId, [...this.runs.keys()]);
    this.#doubtful.delete(chatId);
    if (change) this.#options.feeds.publish(chatId, change);
  }

  #execute(started: StartedRun, change: Change): void {
    const { feeds, limits, handlers, logger, store } = this.#options;
    const {
      run: { id, chatId, app },
      userMessage,
      message,
    } = started;
    const feed = feeds.acquire(chatId);
    const log = new RunLog({ runId: id, messageId: message.id }, feed.wake);
    const startSeq = startOf(change, id);
    feed.attach(log, startSeq);
    feeds.publish(chatId, change);
    const run = new Run({
      started,
      log,
      handler: handlers[app.kind],
      limits,
      history: async (limit) =>
        userMessage.parentId === null ? [] : store.messagesBefore(chatId, userMessage.id, limit),
      onUnexpected: (error, errorId) =>
        logger.error({ err: error, errorId, runId: id, chatId }, 'a run failed unexpectedly'),
      newErrorId: newId,
    });
    this.runs.set(id, run);
    this.#recorder.add(run);
    if (this.#drain === 'no runs') run.halt({ kind: 'drain' });
    const end = this.#untilEnded(run, startSeq);
    this.#ends.set(id, end);
    void end.then(() => {
      this.#ends.delete(id);
      feeds.keepEnded(feed, log);
      return this.advance(chatId);
    });
  }

  async #untilEnded(run: Run, startSeq: number): Promise<RunStatus> {
    const { feeds, logger } = this.#options;
    const { id, chatId } = run.started.run;
    logger.debug({ runId: id, chatId }, 'run started');
    const finished = await run.execute();
    const change = await this.#storeEnd(finished, chatId, startSeq);
    this.#recorder.remove(run);
    this.runs.delete(id);
    feeds.publish(chatId, change);
    const { status, error, usage, model } = finished;
    logger.info(
      { runId: id, chatId, status, code: error?.code, usage, model, characters: run.log.textLength },
      'run ended',
    );
    return status;
  }

  async #storeEnd(finished: FinishedRun, chatId: ChatId, startSeq: number): Promise<Change> {
    const { logger, store } = this.#options;
    try {
      const change = await this.#untilStored(() => store.finish(finished));
      // Stored already: the answer of an earlier try was lost, and with it the entries.
      return change ?? { entries: await this.#untilStored(() => store.entries(chatId, startSeq, entriesOfRun)) };
    } catch (error) {
      logger.error(
        { err: error, runId: finished.runId, chatId },
        "a run's end could not be stored; ending it as recorded",
      );
      this.#doubtful.add(chatId);
      return { entries: [] };
    }
  }

  get #hasRoom(): boolean {
    return !this.isDraining && this.runs.size + this.#reserved < this.#options.limits.runsPerProcess;
  }

  /** There may be room again: for as many chats as there is room for. */
  #advanceWaiting(): void {
    const { runsPerProcess } = this.#options.limits;
    const free = this.isDraining ? 0 : runsPerProcess - this.runs.size - this.#reserved;
    for (const chatId of [...this.#waiting].slice(0, Math.max(free, 0))) {
      this.#waiting.delete(chatId);
      void this.advance(chatId);
    }
  }

  /** A database that is away for a while must not lose an answer that is already here. Rejects with all other errors. */
  async #untilStored<Result>(write: () => Promise<Result>, onAway = () => {}): Promise<Result> {
    for (;;) {
      try {
        return await write();
      } catch (error) {
        if (!isAway(error) || this.#closed.signal.aborted) throw error;
        onAway();
        this.#options.logger.warn({ err: error }, 'the database is away; trying again');
        await delay(retryEveryMs, undefined, { signal: this.#closed.signal }).catch(() => undefined);
      }
    }
  }
}

function isAway(error: unknown): boolean {
  return error instanceof SwitchboardError && error.code === 'UNAVAILABLE';
}

/** The promise's result, or another one when it takes longer. Leaves no timer. */
async function within<Result>(ms: number, promise: Promise<Result>, late: Result): Promise<Result> {
  const timeout = new AbortController();
  const tooLate = delay(ms, late, { signal: timeout.signal }).catch(() => late);
  return Promise.race([promise, tooLate]).finally(() => timeout.abort());
}

function startOf(change: Change, runId: RunId): number {
  const entry = change.entries.find(({ event }) => event.type === 'run.started' && event.run.id === runId);
  if (!entry) throw new Error(`run ${runId} was started without an entry in its chat's log`);
  return entry.seq;
}
