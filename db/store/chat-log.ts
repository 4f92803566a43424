import { and, asc, eq, gt, inArray } from 'drizzle-orm';
import type { ChatId, RunId } from '../../shared/ids.ts';
import { toEntry } from '../chat-event-rows.ts';
import type { ChatEventRow, RunRow } from '../rows.ts';
import { chatEvents, inputRequests, messages, runs } from '../schema.ts';
import type { Sql } from '../sql.ts';
import type { ChatLogEntry } from '../store.ts';

export async function entriesAfter(db: Sql, chatId: ChatId, seq: number, limit: number): Promise<ChatLogEntry[]> {
  const found = await db
    .select({ row: chatEvents, run: runs, message: messages, input: inputRequests })
    .from(chatEvents)
    .leftJoin(runs, eq(runs.id, chatEvents.runId))
    .leftJoin(messages, and(eq(messages.chatId, chatEvents.chatId), eq(messages.id, chatEvents.messageId)))
    .leftJoin(inputRequests, eq(inputRequests.id, chatEvents.inputId))
    .where(and(eq(chatEvents.chatId, chatId), gt(chatEvents.seq, seq)))
    .orderBy(asc(chatEvents.seq))
    .limit(limit);
  const queued = await queuedRuns(
    db,
    found.map(({ row }) => row),
  );
  return found.map((entry) => toEntry({ ...entry, queued }));
}

/** The runs in the queues that these entries tell of. What is shown of a queued run never changes. */
async function queuedRuns(db: Sql, rows: readonly ChatEventRow[]): Promise<Map<RunId, RunRow>> {
  const ids = rows.flatMap(({ type, data }) => (type === 'queue.changed' ? (data as RunId[]) : []));
  if (ids.length === 0) return new Map();
  const found = await db
    .select()
    .from(runs)
    .where(inArray(runs.id, [...new Set(ids)]));
  return new Map(found.map((run) => [run.id, run]));
}
