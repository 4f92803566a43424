/** How a call ended, or what is known of it. */
type CallState = 'done' | 'failed' | 'uncertain' | 'denied';

/** A call that is going to be made. */
interface ToolIntent {
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
  readonly readOnly: boolean;
  readonly step: number;
}

export interface ToolResult {
  readonly id: string;
  readonly state: CallState;
  /** What it was called with in the end, where a person has changed that. */
  readonly input?: unknown;
  readonly output?: unknown;
  readonly error?: string | undefined;
}

/**
 * The book of a run's tool calls, which survives the process: what is going to be called, what has begun, how it ended.
 *
 * Each promise resolves when it is written, so that what a crash leaves behind tells the truth: a call that has not
 * begun was never made, one that has begun and not ended may have taken effect. It rejects when the run has ended or
 * was put to work elsewhere; then nothing may be called any more.
 *
 * After a crash a run of an assistant in which a call has begun and not ended, and is not read-only, goes on when a person
 * has said what becomes of it: its part is `uncertain`, with the question that `Resumed.answers` has the answer to. Parts
 * of it that are `running` without a question are still to be made, if anybody makes them.
 */
export interface ToolLedger {
  intend(calls: readonly ToolIntent[]): Promise<void>;
  start(calls: readonly { readonly id: string; readonly input: unknown; readonly readOnly: boolean }[]): Promise<void>;
  settle(results: readonly ToolResult[]): Promise<void>;
}
