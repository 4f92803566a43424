import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CheckpointPlace, CheckpointStore, TaskWrite } from '../../../db/checkpoint-store.ts';
import type { RunAttempt } from '../../../db/store.ts';

/** Writes of tasks of one step that wait for the end of the turn. */
class HeldWrites {
  readonly writes: TaskWrite[] = [];
  readonly written: Promise<void>;
  #isTaken = false;
  #settle: (writing: Promise<void>) => void = () => {};

  constructor() {
    this.written = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  /** False for all but the first who wants to write them. */
  take(): boolean {
    const isFirst = !this.#isTaken;
    this.#isTaken = true;
    return isFirst;
  }

  settle(writing: Promise<void>): void {
    this.#settle(writing);
  }
}

/**
 * The same checkpoints at half the price. When the last task of a step has ended, its writes and the next checkpoint,
 * which makes them needless except those to the journal, come in one turn of the event loop: they are one statement. Writes
 * of a task that ends before others of its step are written at the end of the turn.
 */
export function joinWrites(store: CheckpointStore, journal: string): CheckpointStore {
  const held = new Map<string, HeldWrites>();

  async function writeLater(key: string, mine: HeldWrites, write: () => Promise<void>): Promise<void> {
    await nextTurn();
    if (!mine.take()) return;
    held.delete(key);
    mine.settle(write());
  }

  function hold(
    place: CheckpointPlace & { readonly checkpointId: string },
    writes: readonly TaskWrite[],
    owner: RunAttempt,
  ): Promise<void> {
    const key = keyOf({ ...place, ...owner });
    const known = held.get(key);
    const mine = known ?? new HeldWrites();
    mine.writes.push(...writes);
    if (!known) {
      held.set(key, mine);
      void writeLater(key, mine, () => store.putWrites(place, mine.writes, owner));
    }
    return mine.written;
  }

  return {
    ...store,
    putWrites: (place, writes, owner) => (owner ? hold(place, writes, owner) : store.putWrites(place, writes, owner)),
    async putCheckpoint(checkpoint, owner) {
      const { parentId: checkpointId } = checkpoint;
      const key = owner && checkpointId !== null ? keyOf({ ...checkpoint, checkpointId, ...owner }) : '';
      const found = held.get(key);
      if (!found?.take()) return store.putCheckpoint(checkpoint, owner);
      held.delete(key);
      const writes = found.writes.filter(({ channel }) => channel === journal);
      const put = store.putCheckpoint({ ...checkpoint, writes }, owner);
      found.settle(put);
      return put;
    },
  };
}

function keyOf(at: CheckpointPlace & RunAttempt & { readonly checkpointId: string }): string {
  return JSON.stringify([at.threadId, at.attempt, at.namespace, at.checkpointId]);
}
