import {
  BaseCheckpointSaver,
  compareWritesSortKeys,
  copyCheckpoint,
  maxChannelVersion,
  TASKS,
  WRITES_IDX_MAP,
  writesSortKey,
} from '@langchain/langgraph-checkpoint';
import type {
  ChannelVersions,
  Checkpoint,
  CheckpointListOptions,
  CheckpointMetadata,
  CheckpointTuple,
  PendingWrite,
} from '@langchain/langgraph-checkpoint';
import type { RunnableConfig } from '@langchain/core/runnables';
import type {
  ChannelValue,
  CheckpointPlace,
  Serialized,
  StoredCheckpoint,
  TaskWrite,
} from '../../../db/checkpoint-store.ts';
import type { RunAttempt } from '../../../db/store.ts';
import type { CheckpointHint, CheckpointSink } from './checkpoint-lines.ts';

export interface CheckpointerOptions {
  /** Whose checkpoints these are, of the configuration that a graph runs with; absent: nobody's, and all are kept. */
  readonly owner?: (config: RunnableConfig) => RunAttempt | null;
  /** A channel whose writes are kept also where nothing else of an owner's past is. */
  readonly journal?: string;
  /** Whether it has to be waited for; absent: always. */
  readonly urgency?: (checkpoint: Checkpoint) => CheckpointHint['urgency'];
}

/**
 * LangGraph's checkpoints in our own tables, on either database.
 *
 * Of a run little more than the newest checkpoint is kept, and what was written to the journal: it never goes back. Errors: those of the store; also when the owner is not at work any more.
 */
export class Checkpointer extends BaseCheckpointSaver {
  readonly #store: CheckpointSink;
  readonly #ownerOf: (config: RunnableConfig) => RunAttempt | null;
  readonly #journal: string;
  readonly #urgencyOf: (checkpoint: Checkpoint) => CheckpointHint['urgency'];

  constructor(store: CheckpointSink, options: CheckpointerOptions = {}) {
    const { owner = () => null, journal = '', urgency = () => 'now' } = options;
    super();
    this.#store = store;
    this.#ownerOf = owner;
    this.#journal = journal;
    this.#urgencyOf = urgency;
  }

  override async getTuple(config: RunnableConfig): Promise<CheckpointTuple | undefined> {
    const { threadId, namespace } = placeOf(config);
    if (threadId === undefined) return undefined;
    const stored = await this.#store.checkpoint({ threadId, namespace }, idOf(config));
    return stored ? this.#tupleOf(stored) : undefined;
  }

  override async *list(config: RunnableConfig, options: CheckpointListOptions = {}): AsyncGenerator<CheckpointTuple> {
    const { limit = Number.POSITIVE_INFINITY, before, filter = {} } = options;
    const { thread_id: threadId, checkpoint_ns: namespace } = config.configurable ?? {};
    const earlierThan = before && idOf(before);
    let left = limit;
    for (const stored of await this.#store.checkpoints({ threadId, namespace })) {
      if (left <= 0) return;
      if (earlierThan !== undefined && stored.id >= earlierThan) continue;
      const tuple = await this.#tupleOf(stored);
      if (!fits(tuple.metadata, filter)) continue;
      left -= 1;
      yield tuple;
    }
  }

  override async put(
    config: RunnableConfig,
    checkpoint: Checkpoint,
    metadata: CheckpointMetadata,
    newVersions: ChannelVersions,
  ): Promise<RunnableConfig> {
    const place = expectPlace(config);
    const { id } = checkpoint;
    const { channel_values: values, ...rest } = copyCheckpoint(checkpoint);
    const changed = Object.entries(newVersions).filter(([channel]) => channel in values);
    const dumped = changed.map(async ([channel, version]): Promise<ChannelValue> => {
      return { channel, version: String(version), ...(await this.#dump(values[channel])) };
    });
    const owner = this.#ownerOf(config);
    await this.#store.putCheckpoint(
      {
        ...place,
        id,
        parentId: idOf(config) ?? null,
        ...(await this.#dump(rest)),
        metadata: await this.#dump(metadata),
        values: await Promise.all(dumped),
        writes: [],
      },
      owner,
      this.#hint(checkpoint),
    );
    return configOf({ ...place, id });
  }

  override async putWrites(
    config: RunnableConfig,
    writes: PendingWrite[],
    taskId: string,
    taskPath = '',
  ): Promise<void> {
    const place = expectPlace(config);
    const checkpointId = idOf(config);
    if (checkpointId === undefined) throw new Error('expected the checkpoint_id that the writes go on from');
    const dumped = writes.map(async ([channel, value], index): Promise<TaskWrite> => {
      return { taskId, taskPath, index: WRITES_IDX_MAP[channel] ?? index, channel, ...(await this.#dump(value)) };
    });
    await this.#store.putWrites({ ...place, checkpointId }, await Promise.all(dumped), this.#ownerOf(config));
  }

  /** Everything that was written to the journal of a thread, in no order. */
  async journal(threadId: string): Promise<unknown[]> {
    const found = await this.#store.journal(threadId, this.#journal);
    return Promise.all(found.map((value) => this.#load(value)));
  }

  override async deleteThread(threadId: string): Promise<void> {
    await this.#store.deleteThread(threadId);
  }

  #hint(checkpoint: Checkpoint): CheckpointHint {
    const all = Object.entries(checkpoint.channel_versions);
    const versions = all.map(([channel, version]) => ({ channel, version: String(version) }));
    return { urgency: this.#urgencyOf(checkpoint), prune: { id: checkpoint.id, versions, journal: this.#journal } };
  }

  async #tupleOf(stored: StoredCheckpoint): Promise<CheckpointTuple> {
    const { threadId, namespace, parentId } = stored;
    const checkpoint = await this.#checkpointOf(stored);
    if (checkpoint.v < 4 && parentId !== null)
      await this.#addPendingSends(checkpoint, { threadId, namespace }, parentId);
    const writes = await Promise.all(
      inOrder(stored.writes).map(async ({ taskId, channel, ...value }) => [taskId, channel, await this.#load(value)]),
    );
    return {
      config: configOf(stored),
      checkpoint,
      metadata: (await this.#load(stored.metadata)) as CheckpointMetadata,
      pendingWrites: writes as [string, string, unknown][],
      ...(parentId !== null && { parentConfig: configOf({ threadId, namespace, id: parentId }) }),
    };
  }

  async #checkpointOf(stored: StoredCheckpoint): Promise<Checkpoint> {
    const rest = (await this.#load(stored)) as Omit<Checkpoint, 'channel_values'>;
    const isIn = ({ channel, version }: ChannelValue) => String(rest.channel_versions[channel]) === version;
    const values = await Promise.all(
      stored.values.filter(isIn).map(async ({ channel, ...value }) => [channel, await this.#load(value)] as const),
    );
    return { ...rest, channel_values: Object.fromEntries(values) };
  }

  /** Before the fourth format of checkpoints these were among the writes of the parent. */
  async #addPendingSends(checkpoint: Checkpoint, place: CheckpointPlace, parentId: string): Promise<void> {
    const parent = await this.#store.checkpoint(place, parentId);
    const sends = inOrder(parent?.writes ?? []).filter(({ channel }) => channel === TASKS);
    const versions = Object.values(checkpoint.channel_versions);
    checkpoint.channel_values[TASKS] = await Promise.all(sends.map((send) => this.#load(send)));
    checkpoint.channel_versions[TASKS] =
      versions.length > 0 ? maxChannelVersion(...versions) : this.getNextVersion(undefined);
  }

  async #dump(value: unknown): Promise<Serialized> {
    const [type, bytes] = await this.serde.dumpsTyped(value);
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return { type, value: buffer.toString(encodingOf(type)) };
  }

  async #load({ type, value }: Serialized): Promise<unknown> {
    return this.serde.loadsTyped(type, type === 'json' ? value : Buffer.from(value, encodingOf(type)));
  }
}

/** JSON is text that every database takes: what is none in it is written as an escape. */
function encodingOf(type: string): 'utf8' | 'base64' {
  return type === 'json' ? 'utf8' : 'base64';
}

function placeOf(config: RunnableConfig): { threadId: string | undefined; namespace: string } {
  const { thread_id: threadId, checkpoint_ns: namespace = '' } = config.configurable ?? {};
  return { threadId, namespace };
}

function expectPlace(config: RunnableConfig): CheckpointPlace {
  const { threadId, namespace } = placeOf(config);
  if (threadId === undefined) throw new Error('expected a thread_id in the configurable part of the configuration');
  return { threadId, namespace };
}

function idOf(config: RunnableConfig): string | undefined {
  return (config.configurable?.['checkpoint_id'] as string | undefined) || undefined;
}

function configOf({ threadId, namespace, id }: CheckpointPlace & { readonly id: string }): RunnableConfig {
  return { configurable: { thread_id: threadId, checkpoint_ns: namespace, checkpoint_id: id } };
}

function fits(metadata: CheckpointMetadata | undefined, filter: Readonly<Record<string, unknown>>): boolean {
  const found = metadata as Readonly<Record<string, unknown>> | undefined;
  return Object.entries(filter).every(([key, value]) => found?.[key] === value);
}

/** The order in which they are applied. */
function inOrder(writes: readonly TaskWrite[]): TaskWrite[] {
  const key = ({ taskPath, taskId, index }: TaskWrite) => writesSortKey(taskPath, taskId, index);
  return writes.toSorted((one, other) => compareWritesSortKeys(key(one), key(other)));
}
