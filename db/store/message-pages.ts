import { and, asc, desc, eq, gte, inArray, lt, sql } from 'drizzle-orm';
import type { ChatId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import type { Message } from '../../shared/message.ts';
import { historyCursor, parseHistoryCursor } from '../cursors.ts';
import { partialAnswer } from '../partial-answer.ts';
import { toMessage, type MessageRow } from '../rows.ts';
import { messages, runSlices } from '../schema.ts';
import type { Sql } from '../sql.ts';
import type { Page } from '../store.ts';
import { pageOf } from './page.ts';

/** Oldest first. */
interface MessagePage {
  readonly messages: Message[];
  readonly nextCursor: string | null;
}

/** Errors: `INVALID_INPUT` for the cursor. */
export async function historyPage(tx: Sql, chatId: ChatId, { cursor, limit }: Page): Promise<MessagePage> {
  const before = cursor === undefined ? undefined : lt(messages.seq, parseHistoryCursor(cursor));
  const rows = await tx
    .select()
    .from(messages)
    .where(and(eq(messages.chatId, chatId), before))
    .orderBy(desc(messages.seq))
    .limit(limit + 1);
  const page = pageOf(rows, limit, (last) => historyCursor(last.seq));
  const found = await withPartials(tx, page.rows);
  return { messages: found.map(toMessage).toReversed(), nextCursor: page.nextCursor };
}

/** The newest messages, as many as a snapshot may hold; at least the newest one. */
export async function snapshotPage(tx: Sql, chatId: ChatId): Promise<MessagePage> {
  const rows = await tx
    .select()
    .from(messages)
    .where(and(eq(messages.chatId, chatId), gte(messages.seq, oldestWorthReading(chatId))))
    .orderBy(desc(messages.seq));
  const found = await withPartials(tx, rows);
  const kept = found.slice(0, countWithin(found.map(toMessage)));
  const oldest = kept.at(-1);
  const nextCursor = oldest && kept.length < found.length ? historyCursor(oldest.seq) : null;
  return { messages: kept.map(toMessage).toReversed(), nextCursor };
}

/**
 * Keeps a chat of huge messages from being read whole only to be cut. Twice the limit, because jsonb as text has spaces
 * that JSON on the wire does not; the exact cut is made on the messages themselves.
 */
function oldestWorthReading(chatId: ChatId) {
  const newest = sql`select seq, octet_length(parts::text) as bytes from ${messages}
    where ${messages.chatId} = ${chatId} order by ${messages.seq} desc limit ${limits.pageMessages + 1}`;
  const sized = sql`select seq, sum(bytes) over (order by seq desc) - bytes as newer_bytes from (${newest}) as newest`;
  return sql`(select min(seq) from (${sized}) as sized where newer_bytes <= ${2 * limits.snapshotBytes})`;
}

/** How many of these, newest first, fit into a snapshot. */
function countWithin(newestFirst: readonly Message[]): number {
  let bytes = 0;
  const tooMany = newestFirst.slice(0, limits.pageMessages).findIndex((message, index) => {
    bytes += Buffer.byteLength(JSON.stringify(message)) + 1;
    return index > 0 && bytes > limits.snapshotBytes;
  });
  return tooMany === -1 ? limits.pageMessages : tooMany;
}

/** Gives streaming messages what was recorded of them. */
async function withPartials(tx: Sql, rows: readonly MessageRow[]): Promise<MessageRow[]> {
  const runIds = rows.flatMap(({ status, runId }) => (status === 'streaming' && runId ? [runId] : []));
  if (runIds.length === 0) return [...rows];
  const slices = await tx
    .select()
    .from(runSlices)
    .where(inArray(runSlices.runId, runIds))
    .orderBy(asc(runSlices.runId), asc(runSlices.seq));
  return rows.map((row) =>
    row.status === 'streaming'
      ? {
          ...row,
          parts: partialAnswer(
            row.parts,
            slices.filter(({ runId }) => runId === row.runId),
          ),
        }
      : row,
  );
}
