import { and, eq, sql, type SQL } from 'drizzle-orm';
import { estimateTokens } from '../../shared/estimate-tokens.ts';
import type { ModelCallId, RunId, UserId } from '../../shared/ids.ts';
import type { Part } from '../../shared/message.ts';
import { textOf } from '../../shared/message.ts';
import type { Ending } from '../../shared/run.ts';
import { insertRows } from '../insert-rows.ts';
import type { RunRow } from '../rows.ts';
import { modelCalls, runs } from '../schema.ts';
import type { Sql } from '../sql.ts';
import { statement } from '../statement.ts';
import type { CallUse, FinishedRun, ModelCallStatus, RunAttempt, SideCall } from '../store.ts';

/** How the last call of a run ended, by the run's end. `interrupted` by its own process: nobody reads on. */
const statusOf = {
  completed: 'finished',
  stopped: 'stopped',
  failed: 'failed',
  interrupted: 'stopped',
} as const satisfies Record<Ending, ModelCallStatus>;

/** The columns that tell what a call used, of its `usage` as JSON. A provider may report any number; one fits here. */
export function usageColumns(usage: SQL): SQL {
  const tokens = (name: string) =>
    sql`least(coalesce((${usage} ->> ${sql.raw(`'${name}'`)})::numeric, 0), 2147483647)::integer`;
  return sql`input_tokens = ${tokens('inputTokens')}, output_tokens = ${tokens('outputTokens')},
    source = ${usage} ->> 'source', reserved_tokens = 0`;
}

/** What the end of a run says of its last call. */
export function lastCallOf(run: FinishedRun & { readonly callStatus?: ModelCallStatus | undefined }) {
  const { model, usage } = run.lastCall ?? run;
  return { call_status: run.callStatus ?? statusOf[run.status], call_model: model, call_usage: usage };
}

/**
 * What a call used of which nobody has told: the text that was recorded of it, and what it answers. All that its run
 * has written in this stretch since the last call of a tool counts as its text.
 */
export function estimateOfCrash(run: RunRow, before: readonly Part[], parts: readonly Part[]): CallUse {
  const begin = parts.findLastIndex(({ type }) => type === 'tool') + 1;
  const outputTokens = Math.max(0, tokensOf(parts.slice(begin)) - tokensOf(before.slice(begin)));
  if (outputTokens === 0) return {};
  return { usage: { inputTokens: estimateTokens(run.text), outputTokens, source: 'estimated' } };
}

function tokensOf(parts: readonly Part[]): number {
  return estimateTokens(
    parts.map((part) => (part.type === 'reasoning' ? part.text : textOf({ parts: [part] }))).join(''),
  );
}

export interface TokenSum {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** What those calls of a run used that have ended, and not with their process. */
export async function finishedUse(tx: Sql, { id: runId, chatId }: RunRow): Promise<TokenSum> {
  const [sum] = await tx
    .select({
      inputTokens: sql`coalesce(sum(${modelCalls.inputTokens}), 0)`.mapWith(Number),
      outputTokens: sql`coalesce(sum(${modelCalls.outputTokens}), 0)`.mapWith(Number),
    })
    .from(modelCalls)
    .where(
      and(
        eq(modelCalls.chatId, chatId),
        eq(modelCalls.runId, runId),
        eq(modelCalls.purpose, 'answer'),
        eq(modelCalls.status, 'finished'),
      ),
    );
  return sum ?? { inputTokens: 0, outputTokens: 0 };
}

/** The first call of a run that goes to work, for its transaction. */
export function openFirstCall({ id, ownerId, chatId }: RunRow, now: string): SQL {
  const call = { id: id as string as ModelCallId, ownerId, chatId, runId: id, purpose: 'answer' as const, step: 1 };
  return insertRows(modelCalls, [{ ...call, ...unused, openedAt: now }]);
}

const unused = { status: 'open', inputTokens: 0, outputTokens: 0, reservedTokens: 0 } as const;

/** The end of a stretch: the run's call has ended, and it waits, or is due again. */
export function closeCall(
  runId: RunId,
  { model, usage }: CallUse,
  now: string,
  status: ModelCallStatus = 'finished',
): SQL {
  const told = sql`${usage ? JSON.stringify(usage) : null}::jsonb`;
  return sql`update ${modelCalls} set
      status = ${status}, model = ${model ?? null}, closed_at = ${now}::timestamptz, ${usageColumns(told)}
    where run_id = ${runId} and status = 'open' and purpose = 'answer'`;
}

/** Repeating it with the same `id` changes nothing. Errors: when the run has ended, or was put to work again since. */
export async function nextModelCall(
  db: Sql,
  now: string,
  { runId, attempt }: RunAttempt,
  { id, ended: { model, usage } }: { readonly id: ModelCallId; readonly ended: CallUse },
): Promise<void> {
  const found = await next(db, {
    runId,
    attempt,
    id,
    now,
    model: model ?? null,
    usage: usage ? JSON.stringify(usage) : null,
  });
  if (found.length === 0) throw new Error(`run ${runId} is no longer at work here: it may ask no model`);
}

const next = statement(
  sql`
    with at_work as (
      select id, chat_id, owner_id from ${runs} as run
      where run.id = ${sql.placeholder('runId')}::uuid and run.attempt = ${sql.placeholder('attempt')}::integer
        and run.status = 'running'
      for share
    ), ended as (
      select ${sql.placeholder('usage')}::jsonb as usage, ${sql.placeholder('model')}::text as model,
        ${sql.placeholder('id')}::uuid as next_id, ${sql.placeholder('now')}::timestamptz as now
    ), closed as (
      update ${modelCalls} as call set
        status = 'finished', model = ended.model, closed_at = ended.now, ${usageColumns(sql`ended.usage`)}
      from at_work, ended
      where call.run_id = at_work.id and call.status = 'open' and call.purpose = 'answer' and call.id <> ended.next_id
    ), opened as (
      insert into ${modelCalls} (id, owner_id, chat_id, run_id, purpose, step, status, opened_at)
      select ended.next_id, at_work.owner_id, at_work.chat_id, at_work.id, 'answer',
        1 + (select count(*) from ${modelCalls} as earlier
          where earlier.chat_id = at_work.chat_id and earlier.run_id = at_work.id and earlier.purpose = 'answer'),
        'open', ended.now
      from at_work, ended
      on conflict do nothing
    )
    select id from at_work`,
  { id: runs.id },
);

/** The next call of a run that is put to work again, in its transaction. */
export async function openCallAgain(tx: Sql, { id: runId, ownerId, chatId }: RunRow, callId: ModelCallId, now: string) {
  const step = sql`(
    select 1 + count(*) from ${modelCalls} as earlier where chat_id = ${chatId} and run_id = ${runId} and purpose = 'answer'
  )`;
  await tx.execute(sql`
    insert into ${modelCalls} (id, owner_id, chat_id, run_id, purpose, step, status, opened_at)
    values (${callId}, ${ownerId}, ${chatId}, ${runId}, 'answer', ${step}, 'open', ${now})`);
}

export async function openSideCall(db: Sql, now: string, userId: UserId, call: SideCall): Promise<void> {
  await db.execute(insertRows(modelCalls, [{ step: 1, ownerId: userId, openedAt: now, ...unused, ...call }]));
}

export async function closeSideCall(
  db: Sql,
  now: string,
  id: ModelCallId,
  { status, usage }: CallUse & { readonly status: ModelCallStatus },
): Promise<void> {
  const told = sql`${usage ? JSON.stringify(usage) : null}::jsonb`;
  await db.execute(sql`
    update ${modelCalls} set status = ${status}, closed_at = ${now}::timestamptz, ${usageColumns(told)}
    where id = ${id} and status = 'open'`);
}

/** Calls that are open while nobody works: of titles, of summaries and of chats that were deleted just before a crash. */
export async function closeLeftCalls(db: Sql, now: string): Promise<void> {
  await db.execute(sql`
    update ${modelCalls} set status = 'crashed', reserved_tokens = 0, closed_at = ${now}::timestamptz
    where status = 'open'`);
}
