import { asc, eq, sql } from 'drizzle-orm';
import type { RunId } from '../../shared/ids.ts';
import type { ToolCallRow } from '../rows.ts';
import { runs, toolCalls } from '../schema.ts';
import type { Sql } from '../sql.ts';
import { statement } from '../statement.ts';
import type { RunAttempt, ToolCallIntent, ToolCallMove } from '../store.ts';

/** Errors: when the run has ended, or was put to work again since. */
export async function intendToolCalls(
  db: Sql,
  now: string,
  { runId, attempt }: RunAttempt,
  calls: readonly ToolCallIntent[],
): Promise<void> {
  const records = calls.map(({ readOnly, ...call }, index) => ({ ...call, index, read_only: readOnly }));
  expectAtWork(await intend(db, { runId, attempt, now, calls: JSON.stringify(records) }), runId);
}

/** The same; calls that have ended stay as they are. */
export async function moveToolCalls(
  db: Sql,
  now: string,
  { runId, attempt }: RunAttempt,
  moves: readonly ToolCallMove[],
): Promise<void> {
  const records = moves.map(({ readOnly, ...move }) => ({ ...move, read_only: readOnly }));
  expectAtWork(await move(db, { runId, attempt, now, moves: JSON.stringify(records) }), runId);
}

function expectAtWork(found: readonly unknown[], runId: RunId): void {
  if (found.length === 0) throw new Error(`run ${runId} is no longer at work here: its tools may not be called`);
}

/** Its end waits for this, or this for its end: a call that is noted is a call of a run at work. */
const atWork = sql`
  select id from ${runs} as run
  where run.id = ${sql.placeholder('runId')}::uuid and run.attempt = ${sql.placeholder('attempt')}::integer
    and run.status = 'running'
  for share`;

const intend = statement(
  sql`
    with at_work as (${atWork}), intended as (
      insert into ${toolCalls} (run_id, id, position, name, input, read_only, step, state, created_at)
      select at_work.id, call.id,
        (select count(*) from ${toolCalls} as earlier where earlier.run_id = at_work.id) + call.index,
        call.name, call.input, call.read_only, call.step, 'intent', ${sql.placeholder('now')}::timestamptz
      from at_work, json_to_recordset(${sql.placeholder('calls')}::json) as call
        (id text, index integer, name text, input jsonb, read_only boolean, step integer)
      on conflict do nothing
    )
    select id from at_work`,
  { id: runs.id },
);

const move = statement(
  sql`
    with at_work as (${atWork}), moved as (
      update ${toolCalls} as call set
        state = move.state, input = coalesce(move.input, call.input),
        read_only = coalesce(move.read_only, call.read_only), output = move.output, error = move.error,
        started_at = case move.state when 'started' then ${sql.placeholder('now')}::timestamptz else call.started_at end,
        ended_at = case move.state when 'started' then null else ${sql.placeholder('now')}::timestamptz end
      from at_work, json_to_recordset(${sql.placeholder('moves')}::json) as move
        (id text, state text, input jsonb, read_only boolean, output jsonb, error text)
      where call.run_id = at_work.id and call.id = move.id and call.state in ('intent', 'started')
    )
    select id from at_work`,
  { id: runs.id },
);

/** Calls of these runs that have not ended and now never will: what was not begun was never made. */
export async function closeToolCalls(db: Sql, now: string, runIds: readonly RunId[]): Promise<void> {
  await close(db, { runIds: JSON.stringify(runIds), now });
}

const close = statement(
  sql`
    update ${toolCalls} as call set
      state = case when state = 'intent' then 'denied' when read_only then 'failed' else 'uncertain' end,
      ended_at = ${sql.placeholder('now')}::timestamptz
    from json_array_elements_text(${sql.placeholder('runIds')}::json) as ended (id)
    where call.run_id = ended.id::uuid and call.state in ('intent', 'started')`,
  {},
);

/** In the order in which they were intended. */
export function toolCallsOf(db: Sql, runId: RunId): Promise<ToolCallRow[]> {
  return db.select().from(toolCalls).where(eq(toolCalls.runId, runId)).orderBy(asc(toolCalls.position));
}
