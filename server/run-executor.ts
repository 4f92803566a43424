import type { Change, FinishedRun, StartedRun, Store } from '../db/store.ts';
import type { AppKind } from '../shared/chat.ts';
import type { ChatId, RunId } from '../shared/ids.ts';
import type { Limits } from '../shared/limits.ts';
import { newId } from '../shared/new-id.ts';
import type { RunStatus } from '../shared/run.ts';
import type { ChatFeeds } from './chat-feeds.ts';
import type { ChatHandler } from './handlers/handler.ts';
import type { Logger } from './logger.ts';
import { RunLog } from './run-log.ts';
import { RunRecorder } from './run-recorder.ts';
import { Run } from './run.ts';
import { runTools } from './run-tools.ts';
import { untilStored } from './until-stored.ts';

export interface RunExecutorOptions {
  readonly store: Store;
  readonly feeds: ChatFeeds;
  readonly handlers: Readonly<Record<AppKind, ChatHandler>>;
  readonly limits: Limits;
  readonly logger: Logger;
  /** Gives up what waits for the database. */
  readonly signal: AbortSignal;
}

/** How a run ended, and whether the database was told. */
export interface RunEnd {
  readonly status: RunStatus;
  readonly isStored: boolean;
}

/** Entries that a run adds to its chat's log, and others meanwhile: read again when the answer of its end was lost. */
const entriesOfRun = 1_000;

/** Lets the handlers work on the runs that were started, while watchers follow, and stores how they end. */
export class RunExecutor {
  readonly runs = new Map<RunId, Run>();
  /** Of every run that has not ended; none of them rejects. */
  readonly ends = new Map<RunId, Promise<RunEnd>>();
  readonly #options: RunExecutorOptions;
  readonly #recorder: RunRecorder;

  constructor(options: RunExecutorOptions) {
    this.#options = options;
    this.#recorder = new RunRecorder(options.store, (error) =>
      options.logger.warn({ err: error }, 'answers could not be recorded; trying again'),
    );
  }

  /** Takes over a run that a change has just started, and tells its watchers. */
  execute(started: StartedRun, change: Change): Run {
    const { feeds } = this.#options;
    const { id, chatId } = started.run;
    const feed = feeds.acquire(chatId);
    const log = new RunLog({ runId: id, messageId: started.message.id }, feed.wake);
    const startSeq = startOf(change, id);
    feed.attach(log, startSeq);
    feeds.publish(chatId, change);
    const run = this.#newRun(started, log);
    this.runs.set(id, run);
    this.#recorder.add(run);
    const end = this.#untilEnded(run, startSeq).finally(() => {
      this.ends.delete(id);
      feeds.keepEnded(feed, log);
    });
    this.ends.set(id, end);
    return run;
  }

  #newRun(started: StartedRun, log: RunLog): Run {
    const { handlers, limits, logger, store } = this.#options;
    const { run, userMessage } = started;
    const { id: runId, chatId } = run;
    const isFirst = userMessage.parentId === null;
    return new Run({
      started,
      log,
      handler: handlers[run.app.kind],
      limits,
      history: async (limit) => (isFirst ? [] : store.messagesBefore(chatId, userMessage.id, limit)),
      tools: runTools(started, store, this.#options),
      onUnexpected: (err, errorId) => logger.error({ err, errorId, runId, chatId }, 'a run failed unexpectedly'),
      newErrorId: newId,
    });
  }

  async #untilEnded(run: Run, startSeq: number): Promise<RunEnd> {
    const { feeds, logger } = this.#options;
    const { id: runId, chatId } = run.started.run;
    logger.debug({ runId, chatId }, 'run started');
    const finished = await run.execute();
    const change = await this.#store(finished, chatId, startSeq);
    this.#recorder.remove(run);
    this.runs.delete(runId);
    if (change) feeds.publish(chatId, change);
    const { status, error, usage, model } = finished;
    const characters = run.log.textLength;
    logger.info({ runId, chatId, status, code: error?.code, usage, model, characters }, 'run ended');
    if (status === 'failed' && error) {
      logger.warn({ runId, chatId, model, code: error.code, reason: withoutQuotes(error.message) }, 'a run failed');
    }
    return { status, isStored: change !== null };
  }

  /** Null when the database refused it, or did not come back in time. */
  async #store(finished: FinishedRun, chatId: ChatId, startSeq: number): Promise<Change | null> {
    const { logger, store } = this.#options;
    try {
      const change = await untilStored(() => store.finish(finished), this.#options);
      if (change) return change;
      // Stored already: the answer of an earlier try was lost, and with it the entries.
      return { entries: await untilStored(() => store.entries(chatId, startSeq, entriesOfRun), this.#options) };
    } catch (error) {
      logger.error({ err: error, runId: finished.runId, chatId }, "a run's end could not be stored");
      return null;
    }
  }
}

/** What a provider said stands between these and may repeat what a person wrote: that stays out of the log. */
function withoutQuotes(message: string): string {
  return message.replaceAll(/“[^”]*”?/g, '“…”');
}

function startOf(change: Change, runId: RunId): number {
  const entry = change.entries.find(({ event }) => event.type === 'run.started' && event.run.id === runId);
  if (!entry) throw new Error(`run ${runId} was started without an entry in its chat's log`);
  return entry.seq;
}
