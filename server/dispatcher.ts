import { setTimeout as delay } from 'node:timers/promises';
import type { Change, StartedRun, Store } from '../db/store.ts';
import type { AppKind } from '../shared/chat.ts';
import { SwitchboardError } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
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

export interface DispatcherOptions {
  readonly store: Store;
  readonly feeds: ChatFeeds;
  readonly handlers: Readonly<Record<AppKind, ChatHandler>>;
  readonly limits: Limits;
  readonly logger: Logger;
}

/** Between two tries while the database is away; the runs wait with their answers in memory. */
const retryEveryMs = 500;
/** What a run's end may take before whoever asked for it is told that it still goes on. */
const endingMs = 2_000;

/**
 * Executes runs: takes over what the database says has started, gives it to its kind's handler, and stores its end.
 *
 * Nothing here belongs to a socket. A chat's next run starts when the one before has been stored.
 */
export class Dispatcher {
  readonly runs = new Map<RunId, Run>();
  readonly #options: DispatcherOptions;
  readonly #recorder: RunRecorder;
  readonly #ends = new Map<RunId, Promise<RunStatus>>();
  /** Chats whose next run found no room here. */
  readonly #waiting = new Set<ChatId>();
  /** Stops that were asked for between a run's start in the database and its start here. */
  readonly #stopsAhead = new Set<RunId>();
  readonly #closed = new AbortController();
  #reserved = 0;
  #isDraining = false;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#recorder = new RunRecorder(options.store, (error) =>
      options.logger.warn({ err: error }, 'answers could not be recorded; trying again'),
    );
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** Calls with a slot reserved for one run, or with none where there is no room: then the chat has to wait. */
  async reserving<Result>(chatId: ChatId, call: (mayStart: boolean) => Promise<Result>): Promise<Result> {
    const mayStart = this.#hasRoom;
    if (!mayStart) this.#waiting.add(chatId);
    this.#reserved += mayStart ? 1 : 0;
    try {
      return await call(mayStart);
    } finally {
      this.#reserved -= mayStart ? 1 : 0;
    }
  }

  /** Executes a run that a transaction has just started, and tells its watchers. */
  execute(started: StartedRun, change: Change): void {
    const { feeds, handlers, limits, logger, store } = this.#options;
    const {
      run: { id, chatId, app, userMessageId },
      message,
    } = started;
    const feed = feeds.acquire(chatId);
    const log = new RunLog({ runId: id, messageId: message.id }, feed.wake);
    feed.attach(log, startOf(change, id));
    feeds.publish(chatId, change);
    const run = new Run({
      started,
      log,
      handler: handlers[app.kind],
      limits,
      history: (limit) =>
        started.userMessage.parentId === null ? Promise.resolve([]) : store.messagesBefore(userMessageId, limit),
      onUnexpected: (error, errorId) =>
        logger.error({ err: error, errorId, runId: id, chatId }, 'a run failed unexpectedly'),
      newErrorId: newId,
    });
    this.runs.set(id, run);
    this.#recorder.add(run);
    if (this.#stopsAhead.delete(id)) run.halt({ kind: 'stop' });
    const end = this.#untilEnded(run).finally(() => {
      this.#ends.delete(id);
      feeds.keepEnded(feed, log);
    });
    this.#ends.set(id, end);
    void end.then(() => this.#advanceAfter(chatId));
  }

  /** Starts the chat's first queued run, if it can be started here now. */
  async advance(chatId: ChatId): Promise<void> {
    if (this.#isDraining) return;
    this.#waiting.delete(chatId);
    const next = await this.reserving(chatId, (mayStart) =>
      mayStart ? this.#untilStored(() => this.#options.store.startNext(chatId)) : Promise.resolve(null),
    );
    if (next) this.execute(next.started, next);
  }

  /** Ends a run from outside and waits until that is stored; null when the run is not here. */
  async halt(runId: RunId, halt: Halt): Promise<RunStatus | null> {
    const run = this.runs.get(runId);
    if (!run) {
      if (halt.kind === 'stop') this.#stopsAhead.add(runId);
      return null;
    }
    run.halt(halt);
    const timeout = new AbortController();
    const late = delay(endingMs, 'running' as const, { signal: timeout.signal }).catch(() => 'running' as const);
    return Promise.race([this.#ends.get(runId) ?? late, late]).finally(() => timeout.abort());
  }

  /**
   * No new runs from here on. Active ones get this long, then they end `interrupted`; queued ones stay queued for the
   * next start.
   */
  async drain(ms: number): Promise<void> {
    this.#isDraining = true;
    const timeout = new AbortController();
    const late = delay(ms, undefined, { signal: timeout.signal }).catch(() => undefined);
    await Promise.race([Promise.all(this.#ends.values()), late]);
    timeout.abort();
    await Promise.all([...this.runs.keys()].map((runId) => this.halt(runId, { kind: 'drain' })));
    this.#closed.abort();
  }

  async #untilEnded(run: Run): Promise<RunStatus> {
    const { feeds, logger, store } = this.#options;
    const { id, chatId } = run.started.run;
    logger.debug({ runId: id, chatId }, 'run started');
    const finished = await run.execute();
    const change = await this.#untilStored(() => store.finish(finished));
    this.#recorder.remove(run);
    this.runs.delete(id);
    if (change) feeds.publish(chatId, change);
    const { status, error, usage, model } = finished;
    logger.info(
      { runId: id, chatId, status, code: error?.code, usage, model, characters: run.log.textLength },
      'run ended',
    );
    return status;
  }

  async #advanceAfter(chatId: ChatId): Promise<void> {
    await this.advance(chatId);
    for (const waiting of this.#waiting) {
      if (!this.#hasRoom) return;
      await this.advance(waiting);
    }
  }

  get #hasRoom(): boolean {
    return !this.#isDraining && this.runs.size + this.#reserved < this.#options.limits.runsPerProcess;
  }

  /** A database that is away for a while must not lose an answer that is already here. */
  async #untilStored<Result>(write: () => Promise<Result>): Promise<Result | null> {
    for (;;) {
      try {
        return await write();
      } catch (error) {
        const mayRecover = error instanceof SwitchboardError && error.code === 'UNAVAILABLE';
        this.#options.logger.error(
          { err: error },
          mayRecover ? 'the database is away; trying again' : 'a run could not be stored',
        );
        if (!mayRecover || this.#closed.signal.aborted) return null;
        await delay(retryEveryMs, undefined, { signal: this.#closed.signal }).catch(() => undefined);
      }
    }
  }
}

function startOf(change: Change, runId: RunId): number {
  const entry = change.entries.find(({ event }) => event.type === 'run.started' && event.run.id === runId);
  if (!entry) throw new Error(`run ${runId} was started without an entry in its chat's log`);
  return entry.seq;
}
