import type { RunAttempt } from './store.ts';

/** As the checkpointer has made text of it. */
export interface Serialized {
  readonly type: string;
  readonly value: string;
}

export interface CheckpointPlace {
  readonly threadId: string;
  readonly namespace: string;
}

/** The value of a channel in one of its versions. */
export interface ChannelValue extends Serialized {
  readonly channel: string;
  readonly version: string;
}

/** What one task has written to a channel. */
export interface TaskWrite extends Serialized {
  readonly taskId: string;
  readonly taskPath: string;
  readonly index: number;
  readonly channel: string;
}

export interface StoredCheckpoint extends CheckpointPlace, Serialized {
  readonly id: string;
  readonly parentId: string | null;
  readonly metadata: Serialized;
  /** Of all versions that its thread has. */
  readonly values: readonly ChannelValue[];
  /** In no order. */
  readonly writes: readonly TaskWrite[];
}

export interface NewCheckpoint extends Omit<StoredCheckpoint, 'values' | 'writes'> {
  /** Those that are new. */
  readonly values: readonly ChannelValue[];
  /** What tasks have written since its parent, where that is to be kept and was not written yet. */
  readonly writes: readonly TaskWrite[];
}

/** What of a thread is left: the newest checkpoint. */
export interface CheckpointPrune {
  readonly id: string;
  readonly versions: readonly Pick<ChannelValue, 'channel' | 'version'>[];
  /** Writes to this channel are kept, whichever checkpoint they came after. */
  readonly journal: string;
}

/**
 * Checkpoints of workflows. Repeating a write changes nothing.
 *
 * With an owner a write rejects when that run is not at work in this attempt, and the thread is the run's: it ends with
 * the run.
 */
export interface CheckpointStore {
  /** The one with this id, or the newest; null when there is none. */
  checkpoint(place: CheckpointPlace, id?: string): Promise<StoredCheckpoint | null>;
  /** Newest first; of all threads where none is given. */
  checkpoints(place: Partial<CheckpointPlace>): Promise<StoredCheckpoint[]>;
  putCheckpoint(checkpoint: NewCheckpoint, owner: RunAttempt | null): Promise<void>;
  /** Writes with a negative index replace those with the same, others stay as they are. */
  putWrites(
    place: CheckpointPlace & { readonly checkpointId: string },
    writes: readonly TaskWrite[],
    owner: RunAttempt | null,
  ): Promise<void>;
  /** Deletes what came before a checkpoint. */
  prune(place: CheckpointPlace, kept: CheckpointPrune): Promise<void>;
  /** All that a thread has written to a channel, in no order. */
  journal(threadId: string, channel: string): Promise<Serialized[]>;
  deleteThread(threadId: string): Promise<void>;
}
