import type { CheckpointStore } from '../db/checkpoint-store.ts';
import { untilStored } from './until-stored.ts';
import type { UntilStoredOptions } from './until-stored.ts';

/** The same checkpoints, for runs that wait while the database is away: each write may be repeated. */
export function patientCheckpoints(store: CheckpointStore, options: UntilStoredOptions): CheckpointStore {
  return {
    checkpoint: (place, id) => untilStored(() => store.checkpoint(place, id), options),
    checkpoints: (place) => untilStored(() => store.checkpoints(place), options),
    putCheckpoint: (checkpoint, owner) => untilStored(() => store.putCheckpoint(checkpoint, owner), options),
    putWrites: (place, writes, owner) => untilStored(() => store.putWrites(place, writes, owner), options),
    prune: (place, kept) => untilStored(() => store.prune(place, kept), options),
    journal: (threadId, channel) => untilStored(() => store.journal(threadId, channel), options),
    deleteThread: (threadId) => untilStored(() => store.deleteThread(threadId), options),
  };
}
