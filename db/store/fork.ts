import { sql } from 'drizzle-orm';
import type { Chat } from '../../shared/chat.ts';
import { SwitchboardError } from '../../shared/errors.ts';
import type { ChatId, MessageId, UserId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import { newId } from '../../shared/new-id.ts';
import { toChat, type ChatRow } from '../rows.ts';
import { chats, messageFiles, messages, summaries } from '../schema.ts';
import type { Sql } from '../sql.ts';
import { statement } from '../statement.ts';
import type { ForkRequest } from '../store.ts';
import { noSuchChat } from './chat-change.ts';
import { findOwnChat } from './chats.ts';
import { findMessage } from './find-message.ts';
import { ownChat } from './reading.ts';

export function forkChat(db: Sql, now: string, userId: UserId, request: ForkRequest): Promise<Chat> {
  return db.transaction(async (tx) => {
    const original = await ownChat(tx, userId, request.chatId);
    await expectWhole(tx, original, request.messageId);
    const existing = await findOwnChat(tx, userId, request.newChatId);
    if (existing) return toChat(existing);
    const leafMessageId = newId<MessageId>();
    const fork = forkOf(original, request, leafMessageId, now);
    const created = await tx.insert(chats).values(fork).onConflictDoNothing().returning();
    // Another call with the same id was faster.
    if (created.length === 0) return existingChat(tx, userId, request.newChatId);
    await copyMessages(tx, request, leafMessageId);
    return toChat(fork);
  });
}

async function existingChat(tx: Sql, userId: UserId, chatId: ChatId): Promise<Chat> {
  const chat = await findOwnChat(tx, userId, chatId);
  if (!chat) throw noSuchChat();
  return toChat(chat);
}

async function expectWhole(tx: Sql, { id, activeRunId }: ChatRow, messageId: MessageId): Promise<void> {
  const { status } = await findMessage(tx, id, messageId);
  if (status !== 'streaming') return;
  throw new SwitchboardError('CONFLICT_BUSY', `The message ${messageId} is still being written.`, {
    details: activeRunId === null ? {} : { activeRunId },
  });
}

function forkOf(original: ChatRow, request: ForkRequest, leafMessageId: MessageId, now: string): ChatRow {
  return {
    ...original,
    id: request.newChatId,
    title: request.title ?? original.title,
    activeRunId: null,
    leafMessageId,
    seq: 0,
    createdAt: now,
    updatedAt: now,
    archivedAt: null,
  };
}

async function copyMessages(tx: Sql, { chatId, messageId, newChatId }: ForkRequest, leafId: MessageId): Promise<void> {
  const limit = limits.forkMessages;
  const copied = await copyPath(tx, { chatId, messageId, newChatId, leafId, limit: limit + 1 });
  // The chat was deleted at this moment.
  if (copied.length === 0) throw noSuchChat();
  if (copied.length <= limit) return;
  const message = `expected at most ${limit} messages up to the one where the fork ends; begin a new chat instead`;
  throw new SwitchboardError('TOO_LARGE', message, { details: { limit } });
}

/**
 * The fork's log is empty, so the numbers of the copies, which order them, end at 0. Their runs stay with the original,
 * and what was summed up of them is as true of the copies.
 */
const copyPath = statement(
  sql`
    with recursive path as (
      select id, parent_id, chat_id, 0 as seq, ${sql.placeholder('leafId')}::uuid as new_id from ${messages} as leaf
      where chat_id = ${sql.placeholder('chatId')}::uuid and id = ${sql.placeholder('messageId')}::uuid
      union all
      select parent.id, parent.parent_id, parent.chat_id, path.seq - 1, gen_random_uuid()
      from path cross join lateral (
        select * from ${messages} as parent
        where parent.id = path.parent_id and parent.chat_id = path.chat_id
        offset 0
      ) as parent
      where path.seq > 1 - ${sql.placeholder('limit')}::integer
    ), renamed as (
      select *, lag(new_id) over (order by seq) as new_parent_id from path
    ), summed_up as (
      insert into ${summaries} (chat_id, message_id, text, created_at)
      select ${sql.placeholder('newChatId')}::uuid, new_id, summary.text, summary.created_at
      from renamed join ${summaries} as summary on summary.chat_id = renamed.chat_id and summary.message_id = renamed.id
    ), used as (
      insert into ${messageFiles} (chat_id, message_id, file_id)
      select ${sql.placeholder('newChatId')}::uuid, new_id, file_id
      from renamed join ${messageFiles} as link on link.chat_id = renamed.chat_id and link.message_id = renamed.id
    )
    insert into ${messages} (chat_id, id, seq, parent_id, role, status, parts, usage, error, model, created_at)
    select ${sql.placeholder('newChatId')}::uuid, new_id, renamed.seq, new_parent_id,
      role, status, parts, usage, error, model, created_at
    from renamed join ${messages} as message on message.id = renamed.id and message.chat_id = renamed.chat_id
    returning id`,
  { id: messages.id },
);
