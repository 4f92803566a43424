/** A call of a model that is going to be made. */
export interface ModelCallIntent {
  /** As `provider:model`. */
  readonly model: string;
  /** Of what the model is told, estimated. */
  readonly inputTokens: number;
}

/** The book of model calls, which survives the process. */
export interface ModelCalls {
  /**
   * Takes note of a call before it is made; the one before it has ended. What they use is told by `usage` events. It
   * rejects when the run has ended or was put to work elsewhere: then no model may be asked any more.
   */
  begin(call: ModelCallIntent): Promise<void>;
}
