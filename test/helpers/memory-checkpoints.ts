import type { CheckpointStore, StoredCheckpoint, TaskWrite } from '../../db/checkpoint-store.ts';

/** Checkpoints that last as long as the test. It refuses no attempt, and prunes nothing. */
export function memoryCheckpoints(): CheckpointStore {
  const checkpoints = new Map<string, StoredCheckpoint>();
  const values = new Map<string, Map<string, StoredCheckpoint['values'][number]>>();
  const writes = new Map<string, Map<string, TaskWrite>>();
  const whole = (found: StoredCheckpoint): StoredCheckpoint => {
    const { id, namespace, threadId } = found;
    return {
      ...found,
      values: [...(values.get(`${threadId} ${namespace}`)?.values() ?? [])],
      writes: [...(writes.get(`${threadId} ${namespace} ${id}`)?.values() ?? [])],
    };
  };
  const newestFirst = () => [...checkpoints.values()].toSorted((one, other) => (one.id < other.id ? 1 : -1));
  const isAt = (place: { threadId?: string; namespace?: string }) => (found: StoredCheckpoint) =>
    (place.threadId ?? found.threadId) === found.threadId && (place.namespace ?? found.namespace) === found.namespace;

  const store: CheckpointStore = {
    async checkpoint(place, id) {
      const found = newestFirst().find((one) => isAt(place)(one) && one.id === (id ?? one.id));
      return found ? whole(found) : null;
    },
    checkpoints: async (place) => newestFirst().filter(isAt(place)).map(whole),
    async putCheckpoint({ values: fresh, writes: kept, ...checkpoint }, owner) {
      const { id, namespace, parentId, threadId } = checkpoint;
      if (parentId !== null) await store.putWrites({ threadId, namespace, checkpointId: parentId }, kept, owner);
      const known = values.get(`${threadId} ${namespace}`) ?? new Map();
      values.set(`${threadId} ${namespace}`, known);
      for (const value of fresh) known.set(`${value.channel} ${value.version}`, value);
      checkpoints.set(`${threadId} ${namespace} ${id}`, { ...checkpoint, values: [], writes: [] });
    },
    async putWrites({ threadId, namespace, checkpointId }, fresh) {
      const key = `${threadId} ${namespace} ${checkpointId}`;
      const known = writes.get(key) ?? new Map<string, TaskWrite>();
      writes.set(key, known);
      for (const write of fresh) {
        const at = `${write.taskId} ${write.index}`;
        if (write.index < 0 || !known.has(at)) known.set(at, write);
      }
    },
    prune: async () => {},
    async journal(threadId, channel) {
      const all = [...writes].flatMap(([key, found]) => (key.startsWith(`${threadId} `) ? [...found.values()] : []));
      return all.filter((write) => write.channel === channel);
    },
    async deleteThread(threadId) {
      for (const table of [checkpoints, values, writes])
        for (const key of table.keys()) if (key.startsWith(`${threadId} `)) table.delete(key);
    },
  };
  return store;
}
