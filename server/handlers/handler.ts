import type { App } from '../../shared/chat.ts';
import type { ChatId, InputId, RunId, UserId } from '../../shared/ids.ts';
import type { Message, Part, Usage } from '../../shared/message.ts';
import type { InputRequest } from '../../shared/run.ts';
import type { ToolLedger } from './tool-ledger.ts';

/** What a run asks a person before it goes on. */
export interface Question {
  readonly id: InputId;
  readonly kind: InputRequest['kind'];
  readonly prompt: string;
  /** JSON Schema of the answer. */
  readonly schema: Readonly<Record<string, unknown>>;
  readonly expiresAt?: string;
  /** What the question is about; comes back with the answer. */
  readonly subject?: unknown;
}

export interface Answer {
  readonly inputId: InputId;
  readonly kind: InputRequest['kind'];
  readonly subject: unknown;
  readonly value: unknown;
  readonly answeredBy: string;
  /** Nobody answered in time. */
  readonly expired: boolean;
}

/** What a run that has waited for a person goes on with. */
export interface Resumed {
  readonly parts: readonly Part[];
  /** All of this run so far, oldest first. */
  readonly answers: readonly Answer[];
}

/** What a handler is given: one message of one person, and the conversation before it. */
export interface HandlerRun {
  readonly id: RunId;
  readonly chatId: ChatId;
  readonly userId: UserId;
  readonly app: App;
  /** What the person wrote. */
  readonly text: string;
  /** Earlier messages, oldest first, without the one that is answered. Read from the database when asked for. */
  history(limit: number): Promise<Message[]>;
  /** What was produced and answered before; null when the run begins. */
  readonly resumed: Resumed | null;
  readonly tools: ToolLedger;
}

/**
 * What a handler produces, in order. Text follows the text before it; anything of another kind between opens a new part.
 *
 * - `part` with a `key` that came before sets that part again (a tool call that goes on); a new key opens a part.
 * - `ask`: the last event; the run waits for the answer, holding nothing, and `run` is then called anew.
 * - `alive`: nothing to show, but the work goes on; puts off `MODEL_TIMEOUT`.
 */
export type HandlerEvent =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'reasoning'; readonly text: string }
  | { readonly type: 'part'; readonly key: string; readonly value: Part }
  | { readonly type: 'node.started'; readonly nodeId: string; readonly title: string }
  | { readonly type: 'node.finished'; readonly nodeId: string; readonly title: string; readonly durationMs: number }
  | { readonly type: 'usage'; readonly usage: Usage }
  | { readonly type: 'model'; readonly model: string }
  | { readonly type: 'ask'; readonly input: Question }
  | { readonly type: 'alive' };

/**
 * Answers messages of one kind of app. It knows neither sockets nor tables.
 *
 * Returning means the answer is complete. To fail, throw a `SwitchboardError` with one of the codes of runs; anything
 * else ends the run as `INTERNAL`. When `signal` aborts, stop whatever is under way and return or throw: what was
 * produced until then is kept.
 */
export interface ChatHandler {
  run(run: HandlerRun, options: { readonly signal: AbortSignal }): AsyncIterable<HandlerEvent>;
}
