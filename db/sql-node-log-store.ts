import { and, asc, eq, gt, isNull, sql } from 'drizzle-orm';
import { SwitchboardError } from '../shared/errors.ts';
import type { RunId, UserId } from '../shared/ids.ts';
import { limits } from '../shared/limits.ts';
import type { NodeLogEntry } from '../shared/workflow-trial.ts';
import { parseVersionsCursor, versionsCursor } from './cursors.ts';
import type { NodeLogStore } from './node-log-store.ts';
import { nodeLog, runs, workflows } from './schema.ts';
import type { Sql } from './sql.ts';
import { readAtOnce } from './sql.ts';
import { withStoreErrors } from './store-errors.ts';
import type { Page } from './store.ts';
import { pageOf } from './store/page.ts';

export function sqlNodeLogStore(db: Sql): NodeLogStore {
  return withStoreErrors<NodeLogStore>({
    addToLog: async (runId, entries) => addToLog(db, runId, entries),
    nodeLog: async (userId, runId, page) => readLog(db, userId, runId, page),
  });
}

/** One run has one writer, so nobody takes a position meanwhile. */
async function addToLog(db: Sql, runId: RunId, entries: readonly NodeLogEntry[]): Promise<void> {
  await db.execute(sql`
    insert into ${nodeLog} (run_id, position, entry)
    select run.id, had.count + added.place, added.entry
    from jsonb_array_elements(${JSON.stringify(entries)}::text::jsonb) with ordinality as added (entry, place)
      join ${runs} as run on run.id = ${runId}
      cross join lateral (select count(*) as count from ${nodeLog} as log where log.run_id = run.id) as had
    where had.count + added.place <= ${limits.nodeLog}
    on conflict do nothing`);
}

function readLog(db: Sql, userId: UserId, runId: RunId, { cursor, limit }: Page) {
  return readAtOnce(db, async (tx) => {
    const isOwn = and(
      eq(runs.id, runId),
      eq(runs.ownerId, userId),
      eq(workflows.ownerId, userId),
      isNull(workflows.deletedAt),
    );
    const ofWorkflow = and(eq(workflows.id, runs.appId), eq(runs.appKind, 'workflow'));
    const [run] = await tx.select({ id: runs.id }).from(runs).innerJoin(workflows, ofWorkflow).where(isOwn);
    if (!run) throw new SwitchboardError('NOT_FOUND', `You have no run ${runId} of a workflow of yours.`);
    const after = cursor === undefined ? undefined : gt(nodeLog.position, parseVersionsCursor(cursor));
    const rows = await tx
      .select()
      .from(nodeLog)
      .where(and(eq(nodeLog.runId, runId), after))
      .orderBy(asc(nodeLog.position))
      .limit(limit + 1);
    const page = pageOf(rows, limit, (last) => versionsCursor(last.position));
    return { entries: page.rows.map(({ entry }) => entry), nextCursor: page.nextCursor };
  });
}
