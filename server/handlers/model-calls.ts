import type { Usage } from '../../shared/message.ts';

/** A call of a model that is going to be made. */
export interface ModelCallIntent {
  /** As `provider:model`. */
  readonly model: string;
  /** Of what the model is told, estimated. */
  readonly inputTokens: number;
}

/** A call that is made beside the answer of a run. */
export interface SideCall extends ModelCalls {
  /** What it has used so far. */
  note(usage: Usage): void;
  /** However it has ended; nothing happens when no model was asked. */
  close(status: 'finished' | 'stopped' | 'failed'): Promise<void>;
}

/** The book of model calls, which survives the process. */
export interface ModelCalls {
  /**
   * Takes note of a call before it is made; the one before it has ended. What they use is told by `usage` events. It
   * rejects when the run has ended or was put to work elsewhere: then no model may be asked any more.
   */
  begin(call: ModelCallIntent): Promise<void>;
}
