import type { InputAnswer, Steering } from '../../db/store.ts';
import type { App } from '../../shared/chat.ts';
import type { ChatEventOf } from '../../shared/events.ts';
import type { ChatId, RunId, UserId } from '../../shared/ids.ts';
import type { Message, Part, Usage } from '../../shared/message.ts';
import type { Question } from '../../shared/run.ts';
import type { RunInstructions } from '../../shared/workflow-trial.ts';
import type { ModelCalls } from './model-calls.ts';
import type { ToolLedger } from './tool-ledger.ts';

/** What a handler is given: one message of one person, and the conversation before it. */
export interface HandlerRun {
  readonly id: RunId;
  readonly chatId: ChatId;
  readonly userId: UserId;
  readonly app: App;
  /** The version of the app that the run started with; its settings count, whatever has been changed since. */
  readonly appVersion: number | null;
  /** Counts the times the run was put to work. */
  readonly attempt: number;
  /** What the person wrote. */
  readonly text: string;
  /** What the owner of the workflow says about this run; null where nothing. */
  readonly instructions: RunInstructions | null;
  /** Earlier messages, oldest first, without the one that is answered. Read from the database when asked for. */
  history(limit: number): Promise<Message[]>;
  /**
   * What the person has added for this answer since it was last asked for, oldest first; mostly nothing. Ask before each
   * further step, and tell the model as a message of the person's. It stands in the answer already, as a part of its own.
   */
  takeSteering(): Promise<readonly Steering[]>;
  /** What there is from before when the run has waited for a person, or its process has died; null when it is at work for the first time. */
  readonly resumed: Resumed | null;
  readonly tools: ToolLedger;
  /** Each call of a model begins here; a run that never says so counts as one call. */
  readonly calls: ModelCalls;
}

/** What a run has for certain when its process has died. */
export interface RecalledRun {
  /** What it has shown that it will not show again. */
  readonly parts: readonly Part[];
  readonly usage: Usage | null;
  readonly model: string | null;
  /** How far it has come: a run that comes no further and dies again and again is ended. */
  readonly progress: number;
}

/** Where a run goes on that has asked, or whose process has died: everything that its handler needs to know has to be in here. */
export interface Resumed {
  /** The answer so far; text of the kind of its last part goes on in that part. */
  readonly parts: readonly Part[];
  /**
   * Of all questions of this run, oldest first; the last one is why it goes on, unless its process has died. One that has
   * `expired` has no value.
   */
  readonly answers: readonly InputAnswer[];
}

/**
 * What a handler produces, in order. Text follows the text before it; anything of another kind between opens a new part,
 * and so does text that `opens` one.
 *
 * - `part` with a `key` that came before sets that part again (a tool call that goes on); a new key opens a part.
 *   After the run has waited, the part of a tool has its `toolCallId` as key, of an input its `inputId`, of a file its
 *   `fileId`; others cannot be set again.
 * - `alive`: nothing to show, but the work goes on; puts off `MODEL_TIMEOUT`.
 * - `usage`: of this stretch of the run; the newest counts, and what earlier stretches used is added.
 * - `ask`: the last one. The run leaves the process and waits for a person, for a month and over restarts if it has to;
 *   then `run` is called again, with the answer in `resumed`. Nothing of the first call is left but what it has produced.
 *   `id` is new (`newId()`), `schema` a JSON Schema (2020-12) that the answer is held to. After `expiresAt` the run goes
 *   on without an answer: `expectAnswer` is for a handler that has no way on then.
 */
export type HandlerEvent =
  | { readonly type: 'text'; readonly text: string; readonly opens?: boolean }
  | { readonly type: 'reasoning'; readonly text: string; readonly opens?: boolean }
  | { readonly type: 'part'; readonly key: string; readonly value: Part }
  | NodeStarted
  | NodeFinished
  | { readonly type: 'usage'; readonly usage: Usage }
  | { readonly type: 'model'; readonly model: string }
  | { readonly type: 'alive' }
  | { readonly type: 'ask'; readonly input: Question };

/** What a node is given and makes is for whoever may edit its workflow. */
type NodeStarted = Omit<ChatEventOf<'node.started'>, 'runId'>;
type NodeFinished = Omit<ChatEventOf<'node.finished'>, 'runId'>;

/**
 * Answers messages of one kind of app. It knows neither sockets nor tables.
 *
 * Time limits count for each call of `run`: the time that a person takes is nobody's.
 *
 * Returning means the answer is complete. To fail, throw a `SwitchboardError` with one of the codes of runs; anything
 * else ends the run as `INTERNAL`. When `signal` aborts, stop whatever is under way and return or throw: what was
 * produced until then is kept.
 */
export interface ChatHandler {
  /**
   * Given: its runs go on where their process has died. What such a run has for certain is the beginning of its answer then,
   * and `run` is called again. Absent, or null: they end `interrupted`.
   */
  recall?(runId: RunId, app: App): Promise<RecalledRun | null>;
  run(run: HandlerRun, options: { readonly signal: AbortSignal }): AsyncIterable<HandlerEvent>;
}
