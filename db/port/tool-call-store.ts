import type { RunAttempt } from './run-attempt.ts';

/** `intent`: nothing has happened yet. `uncertain`: it has begun, and nobody knows whether it took effect. */
export type ToolCallState = 'intent' | 'started' | 'done' | 'failed' | 'uncertain' | 'denied';

export interface ToolCallIntent {
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
  readonly readOnly: boolean;
  readonly step: number;
}

export interface ToolCallMove {
  readonly id: string;
  readonly state: Exclude<ToolCallState, 'intent'>;
  /** Absent: as it was intended. */
  readonly input?: unknown;
  readonly readOnly?: boolean;
  readonly output?: unknown;
  readonly error?: string | undefined;
}

/** The book of tool calls. */
export interface ToolCallStore {
  /** Takes note of tool calls before anything happens. Rejects when the run is not at work in this attempt. */
  intendToolCalls(run: RunAttempt, calls: readonly ToolCallIntent[]): Promise<void>;
  /** Takes note of how they go on; one that has ended stays as it is. Rejects like the other. */
  moveToolCalls(run: RunAttempt, moves: readonly ToolCallMove[]): Promise<void>;
}
