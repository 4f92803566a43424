import { and, desc, eq, sql } from 'drizzle-orm';
import type { CheckpointPlace, CheckpointStore, StoredCheckpoint, TaskWrite } from './checkpoint-store.ts';
import { checkpoints, checkpointThreads, checkpointValues, checkpointWrites, runs } from './schema.ts';
import type { Sql } from './sql.ts';
import { statement } from './statement.ts';
import { withStoreErrors } from './store-errors.ts';
import type { RunAttempt } from './store.ts';

/** On either database. The connection stays its owner's. */
export function sqlCheckpointStore(db: Sql): CheckpointStore {
  return withStoreErrors({
    async checkpoint(place, id) {
      const [found] = await db.select().from(checkpoints).where(at(place, id)).orderBy(desc(checkpoints.id)).limit(1);
      return found ? whole(db, found) : null;
    },
    async checkpoints({ threadId, namespace }) {
      const rows = await db
        .select()
        .from(checkpoints)
        .where(
          and(
            threadId === undefined ? undefined : eq(checkpoints.threadId, threadId),
            namespace === undefined ? undefined : eq(checkpoints.namespace, namespace),
          ),
        )
        .orderBy(desc(checkpoints.id));
      return Promise.all(rows.map((row) => whole(db, row)));
    },
    async putCheckpoint({ values, writes, metadata, ...checkpoint }, owner) {
      const told = await put(db, {
        ...checkpoint,
        ...ownerValues(owner),
        checkpointId: checkpoint.parentId,
        metadataType: metadata.type,
        metadata: metadata.value,
        values: JSON.stringify(values),
        writes: JSON.stringify(recordsOf(writes)),
      });
      expectOwned(told, owner);
    },
    async putWrites(place, writes, owner) {
      const records = JSON.stringify(recordsOf(writes));
      expectOwned(await putWrites(db, { ...place, ...ownerValues(owner), writes: records }), owner);
    },
    async prune(place, { id, versions, journal }) {
      await prune(db, { ...place, id, versions: JSON.stringify(versions), journal });
    },
    async journal(threadId, channel) {
      return db
        .select({ type: checkpointWrites.type, value: checkpointWrites.value })
        .from(checkpointWrites)
        .where(and(eq(checkpointWrites.threadId, threadId), eq(checkpointWrites.channel, channel)));
    },
    async deleteThread(threadId) {
      await db.delete(checkpointThreads).where(eq(checkpointThreads.id, threadId));
    },
  });
}

function at({ threadId, namespace }: CheckpointPlace, id?: string) {
  return and(
    eq(checkpoints.threadId, threadId),
    eq(checkpoints.namespace, namespace),
    id === undefined ? undefined : eq(checkpoints.id, id),
  );
}

async function whole(db: Sql, row: typeof checkpoints.$inferSelect): Promise<StoredCheckpoint> {
  const { threadId, namespace, id, metadataType, metadata } = row;
  const values = await db
    .select()
    .from(checkpointValues)
    .where(and(eq(checkpointValues.threadId, threadId), eq(checkpointValues.namespace, namespace)));
  const writes = await db
    .select()
    .from(checkpointWrites)
    .where(
      and(
        eq(checkpointWrites.threadId, threadId),
        eq(checkpointWrites.namespace, namespace),
        eq(checkpointWrites.checkpointId, id),
      ),
    );
  return { ...row, metadata: { type: metadataType, value: metadata }, values, writes };
}

/**
 * One for each place, as if they were stored one after the other: a statement writes no row twice. A node that asks again
 * tells all its answers under the one place that there is for them.
 */
function recordsOf(writes: readonly TaskWrite[]) {
  const kept = new Map<string, TaskWrite>();
  for (const write of writes) {
    const place = `${write.taskId} ${write.index}`;
    if (write.index < 0 || !kept.has(place)) kept.set(place, write);
  }
  return [...kept.values()].map(toRecord);
}

function toRecord({ taskId, taskPath, ...write }: TaskWrite) {
  return { ...write, task_id: taskId, task_path: taskPath };
}

function ownerValues(owner: RunAttempt | null) {
  return { runId: owner?.runId ?? null, attempt: owner?.attempt ?? null };
}

function expectOwned(told: readonly unknown[], owner: RunAttempt | null): void {
  if (told.length === 0) throw new Error(`run ${owner?.runId} is no longer at work here: it may not be checkpointed`);
}

/** The run's end waits for this, or this for its end: nothing is written of a run that is not at work. */
const owned = sql`
  at_work as (
    select id from ${runs} as run
    where run.id = ${sql.placeholder('runId')}::uuid and run.attempt = ${sql.placeholder('attempt')}::integer
      and run.status = 'running'
    for share
  ), owned as (
    select id from at_work union all select null where ${sql.placeholder('runId')}::uuid is null
  ), place as (
    select ${sql.placeholder('threadId')}::text as thread_id, ${sql.placeholder('namespace')}::text as namespace,
      owned.id as run_id from owned
  ), thread as (
    insert into ${checkpointThreads} (id, run_id) select thread_id, run_id from place on conflict do nothing
  )`;

const insertWrites = sql`
  insert into ${checkpointWrites} (thread_id, namespace, checkpoint_id, task_id, index, task_path, channel, type, value)
  select thread_id, namespace, ${sql.placeholder('checkpointId')}::text, write.task_id, write.index, write.task_path,
    write.channel, write.type, write.value
  from place, json_to_recordset(${sql.placeholder('writes')}::json) as write
    (task_id text, index integer, task_path text, channel text, type text, value text)
  on conflict (thread_id, namespace, checkpoint_id, task_id, index) do update set
    channel = excluded.channel, type = excluded.type, value = excluded.value
  where checkpoint_writes.index < 0`;

const put = statement(
  sql`
    with ${owned}, stored as (
      insert into ${checkpoints} (thread_id, namespace, id, parent_id, type, value, metadata_type, metadata)
      select thread_id, namespace, ${sql.placeholder('id')}::text, ${sql.placeholder('parentId')}::text,
        ${sql.placeholder('type')}::text, ${sql.placeholder('value')}::text,
        ${sql.placeholder('metadataType')}::text, ${sql.placeholder('metadata')}::text
      from place
      on conflict (thread_id, namespace, id) do update set
        value = excluded.value, metadata = excluded.metadata, parent_id = excluded.parent_id
    ), set_values as (
      insert into ${checkpointValues} (thread_id, namespace, channel, version, type, value)
      select thread_id, namespace, fresh.channel, fresh.version, fresh.type, fresh.value
      from place, json_to_recordset(${sql.placeholder('values')}::json) as fresh
        (channel text, version text, type text, value text)
      on conflict do nothing
    ), kept as (${insertWrites})
    select thread_id from place`,
  { threadId: checkpoints.threadId },
);

const putWrites = statement(sql`with ${owned}, stored as (${insertWrites}) select thread_id from place`, {
  threadId: checkpoints.threadId,
});

const prune = statement(
  sql`
    with place as (
      select ${sql.placeholder('threadId')}::text as thread_id, ${sql.placeholder('namespace')}::text as namespace
    ), old_checkpoints as (
      delete from ${checkpoints} as old using place
      where old.thread_id = place.thread_id and old.namespace = place.namespace
        and old.id < ${sql.placeholder('id')}::text
    ), old_values as (
      delete from ${checkpointValues} as old using place
      where old.thread_id = place.thread_id and old.namespace = place.namespace and not exists (
        select from json_to_recordset(${sql.placeholder('versions')}::json) as kept (channel text, version text)
        where kept.channel = old.channel and kept.version = old.version
      )
    )
    delete from ${checkpointWrites} as old using place
    where old.thread_id = place.thread_id and old.namespace = place.namespace
      and old.checkpoint_id < ${sql.placeholder('id')}::text and old.channel <> ${sql.placeholder('journal')}::text`,
  {},
);
