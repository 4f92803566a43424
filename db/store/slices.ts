import { sql } from 'drizzle-orm';
import { runs, runSlices } from '../schema.ts';
import type { Sql } from '../sql.ts';
import type { RunProgress, Slice } from '../store.ts';

export async function record(db: Sql, slices: readonly Slice[], progress: readonly RunProgress[] = []): Promise<void> {
  if (progress.length > 0) await recordProgress(db, progress);
  if (slices.length > 0) await recordSlices(db, slices);
}

async function recordProgress(db: Sql, progress: readonly RunProgress[]): Promise<void> {
  const rows = progress.map(({ runId, attempt, nodes }) => ({ run_id: runId, attempt, nodes }));
  await db.execute(sql`
    update ${runs} as run set nodes = told.nodes
    from json_to_recordset(${JSON.stringify(rows)}::json) as told (run_id uuid, attempt integer, nodes jsonb)
    where run.id = told.run_id and run.attempt = told.attempt and run.status = 'running'`);
}

/**
 * One statement and one parameter for any number of slices: this runs beside the streams all the time.
 *
 * The lock on their runs makes it wait for an end that is being written, and then leave that run's slices out.
 */
async function recordSlices(db: Sql, slices: readonly Slice[]): Promise<void> {
  const fresh = sql`
    select slice.run_id, slice.seq, slice.part, slice.kind, slice."offset", slice.text, slice.value
    from json_to_recordset(${JSON.stringify(latest(slices).map(toRecord))}::json) as slice
      (run_id uuid, attempt integer, seq integer, part integer, kind text, "offset" integer, text text, value jsonb)
    join ${runs} as run on run.id = slice.run_id and run.attempt = slice.attempt and run.status = 'running'
    for share of run`;
  await db.execute(sql`
    insert into ${runSlices} (run_id, seq, part, kind, "offset", text, value) ${fresh}
    on conflict (run_id, seq) do update set
      part = excluded.part, kind = excluded.kind, "offset" = excluded."offset",
      text = excluded.text, value = excluded.value`);
}

/** The last of those with the same number: one statement cannot write a row twice. */
function latest(slices: readonly Slice[]): Slice[] {
  return [...new Map(slices.map((slice) => [`${slice.runId} ${slice.seq}`, slice])).values()];
}

function toRecord({ runId, attempt, seq, part, content }: Slice) {
  return { run_id: runId, attempt, seq, part, ...content };
}
