import { and, eq, sql, type SQL } from 'drizzle-orm';
import { SwitchboardError } from '../../shared/errors.ts';
import type { ChatId, MessageId, RunId, ShareId, UserId } from '../../shared/ids.ts';
import { toEventRow, type LoggedEntry, type LoggedEvent } from '../chat-event-rows.ts';
import type { ChatRow } from '../rows.ts';
import { chatEvents, chats } from '../schema.ts';
import { insertRows } from '../insert-rows.ts';
import type { Sql } from '../sql.ts';

export function noSuchChat(): SwitchboardError {
  return new SwitchboardError('NOT_FOUND', 'There is no such chat.');
}

/** Begins a change of a chat: from here to the end of the transaction nobody else changes it. Errors: `NOT_FOUND`. */
export async function lockChat(tx: Sql, chatId: ChatId, userId: UserId): Promise<ChatRow> {
  const [chat] = await tx
    .select()
    .from(chats)
    .where(and(eq(chats.id, chatId), eq(chats.ownerId, userId)))
    .for('update');
  if (!chat) throw noSuchChat();
  return chat;
}

/** What the log of a locked chat gains in one transaction, numbered on from what it has. */
export class LogEntries {
  readonly entries: LoggedEntry[] = [];
  readonly #after: number;

  constructor(chat: Pick<ChatRow, 'seq'>) {
    this.#after = chat.seq;
  }

  /** The number of the newest entry. */
  get seq(): number {
    return this.#after + this.entries.length;
  }

  /** The number of the entry. */
  add(event: LoggedEvent): number {
    this.entries.push({ seq: this.seq + 1, event });
    return this.seq;
  }
}

/** What a chat's own row gets. */
export interface ChatFields {
  readonly title?: string | null;
  readonly titleIsDraft?: boolean;
  readonly activeRunId?: RunId | null;
  readonly leafMessageId?: MessageId | null;
  readonly updatedAt?: string;
  readonly archivedAt?: string | null;
  readonly shareId?: ShareId | null;
  readonly queuePausedAt?: string | null;
}

/**
 * Writes everything of a change in one statement: its parts, the entries of the log, and the chat with its new number.
 *
 * @param parts inserts, updates and deletes of other tables; no two of the same row
 */
export async function saveChange(
  tx: Sql,
  chat: ChatRow,
  log: LogEntries,
  fields: ChatFields,
  parts: readonly SQL[] = [],
): Promise<void> {
  const { title, titleIsDraft, activeRunId, leafMessageId, updatedAt, archivedAt, shareId, queuePausedAt } = {
    ...chat,
    ...fields,
  };
  const events = insertRows(
    chatEvents,
    log.entries.map((entry) => toEventRow(chat.id, entry)),
  );
  const others = [events, ...parts].map((part, index) => sql`${sql.raw(`part_${index}`)} as (${part})`);
  await tx.execute(sql`
    with ${sql.join(others, sql`, `)}
    update ${chats} set
      seq = ${log.seq}, title = ${title}, title_is_draft = ${titleIsDraft}, active_run_id = ${activeRunId}, leaf_message_id = ${leafMessageId},
      updated_at = ${updatedAt}, archived_at = ${archivedAt}, share_id = ${shareId},
      queue_paused_at = ${queuePausedAt}
    where id = ${chat.id}`);
}
