import type { CallUse, Change, RecallAnswer, StartedRun, Steering, Store } from '../db/store.ts';
import type { AppKind } from '../shared/chat.ts';
import { FileId } from '../shared/ids.ts';
import type { ChatId, ModelCallId, RunId, UserId } from '../shared/ids.ts';
import type { Limits } from '../shared/limits.ts';
import { filesOf, textOf } from '../shared/message.ts';
import { newId } from '../shared/new-id.ts';
import type { RunStatus } from '../shared/run.ts';
import type { ChatFeeds } from './chat-feeds.ts';
import type { ChatHandler } from './handlers/handler.ts';
import type { Logger } from './logger.ts';
import type { RunBudget } from './run-budget.ts';
import type { ReserveTokens } from './run-calls.ts';
import { RunLog } from './run-log.ts';
import { reasonOf } from './run-reason.ts';
import { RunRecorder } from './run-recorder.ts';
import type { AnswerSchemas } from './run-question.ts';
import { Run } from './run.ts';
import type { RunOutcome } from './run.ts';
import { runMemory } from './run-memory.ts';
import { runTools } from './run-tools.ts';
import { untilStored } from './until-stored.ts';

export interface RunExecutorOptions {
  readonly store: Store;
  readonly feeds: ChatFeeds;
  readonly handlers: Readonly<Record<AppKind, ChatHandler>>;
  /** The bytes of a file of this user's. */
  readonly readFile: (userId: UserId, fileId: FileId) => Promise<Uint8Array>;
  readonly limits: Limits;
  /** Absent: none. */
  readonly budget?: RunBudget | undefined;
  readonly logger: Logger;
  /** Told of each run whose end is stored. */
  readonly onEnded?: (run: EndedRun) => void;
  readonly schemas: AnswerSchemas;
  /** Told when a question was asked whose time will be over then. */
  readonly onExpiring: (at: string) => void;
  /** Gives up what waits for the database. */
  readonly signal: AbortSignal;
}

/** What those need to know of a run who do something after its end. */
export interface EndedRun {
  readonly runId: RunId;
  readonly chatId: ChatId;
  readonly userId: UserId;
  /** Whether nothing was said in the chat before. */
  readonly isFirst: boolean;
  readonly question: string;
  /** Empty where there is none. */
  readonly answer: string;
  readonly model: string | undefined;
}

/** How a stretch of a run ended, and whether the database was told. */
export interface RunEnd {
  readonly status: RunStatus;
  readonly isStored: boolean;
}

/** Entries that a run adds to its chat's log, and others meanwhile: read again when the answer of its end was lost. */
const entriesOfRun = 1_000;

/** Lets the handlers work on the runs that were put to work, while watchers follow, and stores how that ends. */
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

  /** Takes over a run that a change has just put to work, and tells its watchers. An earlier stretch of it is over here. */
  execute(started: StartedRun, change: Change): Run {
    const { feeds } = this.#options;
    const { id, chatId } = started.run;
    const feed = feeds.acquire(chatId);
    const log = new RunLog(
      { runId: id, messageId: started.message.id },
      feed.wake,
      started.message.parts,
      started.resumed?.nodes,
    );
    feed.attach(log, started.startSeq, started.resumed?.suspendedSeq);
    // The answer that put it to work again may have been told to nobody.
    if (started.resumed) feed.learn({ seq: started.startSeq, suspended: null });
    feeds.publish(chatId, change);
    const run = this.#newRun(started, log);
    this.runs.set(id, run);
    this.#recorder.add(run);
    const end = this.#untilEnded(run).finally(() => {
      this.ends.delete(id);
      feeds.keepEnded(feed, log);
    });
    this.ends.set(id, end);
    return run;
  }

  /** What is certain of a run at work that is not executed here (any more); null where its kind of app does not go on. */
  readonly recall: RecallAnswer = async ({ id, app }) => {
    const { handlers, logger } = this.#options;
    try {
      return (await handlers[app.kind].recall?.(id, app)) ?? null;
    } catch (error) {
      logger.error({ err: error, runId: id }, 'what a run had could not be recalled; it ends');
      return null;
    }
  };

  #newRun(started: StartedRun, log: RunLog): Run {
    const { handlers, limits, logger, readFile, schemas, store } = this.#options;
    const { run, userId, userMessage } = started;
    const { id: runId, chatId } = run;
    const isFirst = userMessage.parentId === null;
    return new Run({
      started,
      log,
      handler: handlers[run.app.kind],
      limits,
      readFile: async (fileId) => readFile(userId, FileId.parse(fileId)),
      takeSteering: () => this.#takeSteering(started),
      schemas,
      history: async (limit) => (isFirst ? [] : store.messagesBefore(chatId, userMessage.id, limit)),
      memory: runMemory(started, this.#options),
      tools: runTools(started, store, this.#options),
      nextCall: (ended) => this.#nextCall(started, ended),
      reserve: this.#reserve(started),
      onUnexpected: (err, errorId) => logger.error({ err, errorId, runId, chatId }, 'a run failed unexpectedly'),
      newErrorId: newId,
    });
  }

  async #takeSteering({ run, attempt }: StartedRun): Promise<readonly Steering[]> {
    const { feeds, store } = this.#options;
    const change = await untilStored(() => store.takeSteering(run.id, attempt), this.#options);
    feeds.publish(run.chatId, change);
    return change.taken;
  }

  async #nextCall({ run, attempt }: StartedRun, ended: CallUse): Promise<void> {
    const at = { runId: run.id, attempt };
    const id = newId<ModelCallId>();
    await untilStored(() => this.#options.store.nextModelCall(at, { id, ended }), this.#options);
  }

  #reserve({ run, userId }: StartedRun): ReserveTokens | null {
    const { budget } = this.#options;
    if (!budget) return null;
    const call = { runId: run.id, purpose: 'answer' } as const;
    return (tokens) => untilStored(() => budget.reserve(userId, { ...call, ...tokens }), this.#options);
  }

  async #untilEnded(run: Run): Promise<RunEnd> {
    const { feeds, logger } = this.#options;
    const { id: runId, chatId } = run.started.run;
    logger.debug({ runId, chatId, attempt: run.started.attempt }, 'run at work');
    const outcome = await run.execute();
    // The next process goes on with it, as after a crash.
    const isLeft = outcome.status === 'interrupted' && (await this.recall(run.started.run)) !== null;
    const stored = isLeft ? null : await this.#store(outcome, run.started);
    this.#recorder.remove(run);
    this.runs.delete(runId);
    if (stored) feeds.publish(chatId, stored);
    const status = isLeft ? 'running' : (stored?.status ?? outcome.status);
    if (stored && status !== 'waiting') this.#options.onEnded?.(endedRun(run.started, outcome));
    this.#tell(run, outcome, status);
    return { status, isStored: stored !== null };
  }

  #tell(run: Run, outcome: RunOutcome, status: RunStatus): void {
    const { logger, onExpiring } = this.#options;
    const { id: runId, chatId } = run.started.run;
    const { usage, model } = outcome;
    const characters = run.log.textLength;
    if (outcome.status === 'waiting') {
      const { id: inputId, kind, expiresAt } = outcome.question;
      logger.info({ runId, chatId, status, inputId, kind, expiresAt, usage, model, characters }, 'run waits');
      if (expiresAt !== undefined) onExpiring(expiresAt);
      return;
    }
    if (status === 'running') return logger.info({ runId, chatId, characters }, 'run left for the next process');
    const { error } = outcome;
    logger.info({ runId, chatId, status, code: error?.code, usage, model, characters }, 'run ended');
    if (status === 'failed' && error) {
      logger.warn({ runId, chatId, model, code: error.code, reason: reasonOf(error) }, 'a run failed');
    }
  }

  /** Null when the database refused it, or did not come back in time. */
  async #store(outcome: RunOutcome, { run, startSeq }: StartedRun): Promise<StoredEnd | null> {
    const { logger, store } = this.#options;
    const write = (): Promise<StoredEnd | null> =>
      outcome.status === 'waiting' ? store.suspend(outcome) : store.finish(outcome);
    try {
      const change = await untilStored(write, this.#options);
      if (change) return change;
      // Stored already: the answer of an earlier try was lost, and with it the entries.
      return { entries: await untilStored(() => store.entries(run.chatId, startSeq, entriesOfRun), this.#options) };
    } catch (error) {
      logger.error({ err: error, runId: run.id, chatId: run.chatId }, "a run's end could not be stored");
      return null;
    }
  }
}

function endedRun({ run, userId, userMessage }: StartedRun, { parts, model }: RunOutcome): EndedRun {
  const isFirst = userMessage.parentId === null;
  const { id: runId, chatId } = run;
  const names = filesOf(userMessage).map(({ name }) => name);
  const question = run.text.trim() === '' ? names.join(', ') : run.text;
  return { runId, chatId, userId, isFirst, question, answer: textOf({ parts }), model };
}
/** With the status where that is not the outcome's own. */
type StoredEnd = Change & { readonly status?: RunStatus };
