import type { App } from '../../shared/chat.ts';
import type { ChatId, RunId, UserId } from '../../shared/ids.ts';
import type { Message, Part, Usage } from '../../shared/message.ts';

/** What a handler is given: one message of one person, and the conversation before it. */
export interface HandlerRun {
  readonly id: RunId;
  readonly chatId: ChatId;
  readonly userId: UserId;
  readonly app: App;
  /** The state that the app was in when the run was started; every change makes another. Absent where it is not known. */
  readonly appVersion?: string | undefined;
  /** What the person wrote. */
  readonly text: string;
  /** Earlier messages, oldest first, without the one that is answered. Read from the database when asked for. */
  history(limit: number): Promise<Message[]>;
}

/**
 * What a handler produces, in order. Text follows the text before it; anything of another kind between opens a new part.
 *
 * - `part` with a `key` that came before sets that part again (a tool call that goes on); a new key opens a part.
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
