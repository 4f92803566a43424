import { setImmediate as nextTurn } from 'node:timers/promises';
import type {
  ChannelValue,
  CheckpointPlace,
  CheckpointPrune,
  CheckpointStore,
  NewCheckpoint,
  TaskWrite,
} from '../../../db/checkpoint-store.ts';
import type { RunAttempt } from '../../../db/store.ts';

/** What is known of a checkpoint by whoever puts it. */
export interface CheckpointHint {
  /**
   * `now`: whoever puts it waits until it is written. `soon`: nothing is lost with it but what is made again in no time, so
   * nobody waits. `never`: its run is over.
   */
  readonly urgency: 'now' | 'soon' | 'never';
  /** What is left of its thread when all before it is deleted. */
  readonly prune: CheckpointPrune;
}

/** Checkpoints, written when it has to be. Any store is one that writes all at once. */
export interface CheckpointSink extends Omit<CheckpointStore, 'putCheckpoint'> {
  putCheckpoint(checkpoint: NewCheckpoint, owner: RunAttempt | null, hint: CheckpointHint): Promise<void>;
}

type WritesPlace = CheckpointPlace & { readonly checkpointId: string };

interface PutCheckpoint {
  readonly checkpoint: NewCheckpoint;
  readonly hint: CheckpointHint;
}

interface PutWrites {
  readonly place: WritesPlace;
  readonly all: TaskWrite[];
}

/** Checkpoints of a run after which those before are deleted. */
const pruneEvery = 16;

/**
 * The same checkpoints for a fraction of the price. What comes of one run in one turn of the event loop is written
 * together, the newest checkpoint in place of those before it; what the tasks of a step have written goes into it, and is
 * written by itself only while other tasks of the step go on. Writes keep their order, and one that fails fails all that
 * follow, because a checkpoint has but the values that changed since the one before.
 *
 * An owner is known as the object that it is, for as long as somebody has it: what a stretch that was left still writes
 * comes late, and leaves nothing behind.
 */
export function checkpointLines(store: CheckpointStore, journal: string): CheckpointSink {
  const lines = new WeakMap<RunAttempt, CheckpointLine>();
  const lineOf = (owner: RunAttempt): CheckpointLine => {
    const line = lines.get(owner) ?? new CheckpointLine(store, owner, journal);
    lines.set(owner, line);
    return line;
  };
  return {
    ...store,
    putCheckpoint: (checkpoint, owner, hint) =>
      owner ? lineOf(owner).putCheckpoint({ checkpoint, hint }) : store.putCheckpoint(checkpoint, owner),
    putWrites: (place, writes, owner) =>
      owner ? lineOf(owner).putWrites(place, writes) : store.putWrites(place, writes, owner),
  };
}

/** What one attempt of a run has to have written. */
class CheckpointLine {
  readonly #store: CheckpointStore;
  readonly #owner: RunAttempt;
  readonly #journal: string;
  #put: PutCheckpoint | null = null;
  /** Of the tasks that go on from that checkpoint, or from the one that was written last. */
  #writes: PutWrites | null = null;
  /** What was begun to be written, all of it. */
  #written: Promise<void> = Promise.resolve();
  #flushing: Promise<void> | null = null;
  #count = 0;

  constructor(store: CheckpointStore, owner: RunAttempt, journal: string) {
    this.#store = store;
    this.#owner = owner;
    this.#journal = journal;
  }

  async putCheckpoint({ checkpoint, hint }: PutCheckpoint): Promise<void> {
    if (hint.urgency === 'never') return;
    const before = this.#put?.checkpoint;
    const kept = (this.#writes?.all ?? []).filter(({ channel }) => channel === this.#journal);
    this.#writes = null;
    const writes = [...(before?.writes ?? []), ...kept];
    this.#put = { hint, checkpoint: { ...checkpoint, values: newest(before?.values, checkpoint.values), writes } };
    const written = this.#flushLater();
    // Whoever comes next hears of it when it fails.
    if (hint.urgency === 'soon') written.catch(() => {});
    else await written;
  }

  async putWrites(place: WritesPlace, writes: readonly TaskWrite[]): Promise<void> {
    this.#writes ??= { place, all: [] };
    this.#writes.all.push(...writes);
    await this.#flushLater();
  }

  #flushLater(): Promise<void> {
    this.#flushing ??= this.#flush();
    return this.#flushing;
  }

  async #flush(): Promise<void> {
    await nextTurn();
    this.#flushing = null;
    const [put, writes] = [this.#put, this.#writes];
    this.#put = null;
    this.#writes = null;
    this.#written = this.#write(this.#written, put, writes);
    await this.#written;
  }

  async #write(before: Promise<void>, put: PutCheckpoint | null, writes: PutWrites | null): Promise<void> {
    await before;
    if (put) await this.#writeCheckpoint(put);
    if (writes) await this.#store.putWrites(writes.place, writes.all, this.#owner);
  }

  async #writeCheckpoint({ checkpoint, hint }: PutCheckpoint): Promise<void> {
    await this.#store.putCheckpoint(checkpoint, this.#owner);
    this.#count += 1;
    if (this.#count % pruneEvery === 0) await this.#store.prune(checkpoint, hint.prune);
  }
}

/** Of each channel the last one. */
function newest(before: readonly ChannelValue[] = [], after: readonly ChannelValue[]): ChannelValue[] {
  return [...new Map([...before, ...after].map((value) => [value.channel, value])).values()];
}
