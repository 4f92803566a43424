import { asc, inArray } from 'drizzle-orm';
import type { ChatId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import type { Message } from '../../shared/message.ts';
import { historyCursor, parseHistoryCursor, wrongCursor } from '../cursors.ts';
import { partialAnswer } from '../partial-answer.ts';
import { toMessage, type ChatRow, type MessageRow } from '../rows.ts';
import { runSlices } from '../schema.ts';
import type { Sql } from '../sql.ts';
import type { Page } from '../store.ts';
import { branchPath } from './branch-path.ts';
import { withSiblings } from './siblings.ts';

type ShownBranch = Pick<ChatRow, 'id' | 'leafMessageId'>;

/** Oldest first. */
interface MessagePage {
  readonly messages: Message[];
  readonly nextCursor: string | null;
}

const noMessages: MessagePage = { messages: [], nextCursor: null };

/** Errors: `INVALID_INPUT` for the cursor. */
export async function historyPage(tx: Sql, chat: ShownBranch, { cursor, limit }: Page): Promise<MessagePage> {
  const from = cursor === undefined ? chat.leafMessageId : parseHistoryCursor(cursor);
  if (from === null) return noMessages;
  const rows = await branchPath(tx, { chatId: chat.id, from, limit });
  if (cursor !== undefined && rows.length === 0) throw wrongCursor(cursor);
  return pageUpTo(await completed(tx, chat.id, rows));
}

/** The newest messages, as many as a snapshot may hold; at least the newest one. */
export async function snapshotPage(tx: Sql, chat: ShownBranch): Promise<MessagePage> {
  if (chat.leafMessageId === null) return noMessages;
  const rows = await branchPath(tx, {
    chatId: chat.id,
    from: chat.leafMessageId,
    limit: limits.pageMessages,
    // Keeps a chat of huge messages from being read whole only to be cut. Twice the limit, because jsonb as text has
    // spaces that JSON on the wire does not; the exact cut is made on the messages themselves.
    maxBytes: 2 * limits.snapshotBytes,
  });
  const found = await completed(tx, chat.id, rows);
  return pageUpTo(found.slice(0, countWithin(found)));
}

/** Newest first, as for all of these. */
function pageUpTo(found: readonly Message[]): MessagePage {
  const next = found.at(-1)?.parentId;
  return { messages: found.toReversed(), nextCursor: next ? historyCursor(next) : null };
}

async function completed(tx: Sql, chatId: ChatId, rows: readonly MessageRow[]): Promise<Message[]> {
  return withSiblings(tx, chatId, (await withPartials(tx, rows)).map(toMessage));
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
