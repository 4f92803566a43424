import { sql } from 'drizzle-orm';
import type { ChatId, MessageId, UserId } from '../../shared/ids.ts';
import type { Chat } from '../../shared/chat.ts';
import { toChat, type ChatRow, type MessageRow } from '../rows.ts';
import { messages } from '../schema.ts';
import type { Sql } from '../sql.ts';
import { statement } from '../statement.ts';
import type { Change } from '../store.ts';
import { LogEntries, lockChat, saveChange } from './chat-change.ts';
import { findMessage } from './find-message.ts';

export function selectBranch(
  db: Sql,
  userId: UserId,
  chatId: ChatId,
  messageId: MessageId,
): Promise<Change & { chat: Chat }> {
  return db.transaction(async (tx) => {
    const before = await lockChat(tx, chatId, userId);
    const wanted = await findMessage(tx, chatId, messageId);
    if (await isShown(tx, before, wanted)) return { entries: [], chat: toChat(before) };
    const leafMessageId = await newestLeaf(tx, wanted);
    const log = new LogEntries(before);
    log.add({ type: 'branch.selected', leafMessageId });
    await saveChange(tx, before, log, { leafMessageId });
    return { entries: log.entries, chat: toChat({ ...before, leafMessageId }) };
  });
}

async function isShown(tx: Sql, { id: chatId, leafMessageId }: ChatRow, { id, seq }: MessageRow): Promise<boolean> {
  const found = await findOnPath(tx, { chatId, leafMessageId, id, seq });
  return found.length > 0;
}

async function newestLeaf(tx: Sql, { chatId, id }: MessageRow): Promise<MessageId> {
  const [leaf] = await findNewestLeaf(tx, { chatId, id });
  return leaf?.id ?? id;
}

/** Goes up from the leaf as long as what it finds is younger: whatever follows a message was added after it. */
const findOnPath = statement(
  sql`
    with recursive path as (
      select id, chat_id, parent_id, seq from ${messages} as leaf
      where chat_id = ${sql.placeholder('chatId')}::uuid and id = ${sql.placeholder('leafMessageId')}::uuid
      union all
      select parent.id, parent.chat_id, parent.parent_id, parent.seq
      from path cross join lateral (
        select * from ${messages} as parent
        where parent.id = path.parent_id and parent.chat_id = path.chat_id
        offset 0
      ) as parent
      where path.seq > ${sql.placeholder('seq')}::integer
    )
    select id from path where id = ${sql.placeholder('id')}::uuid`,
  { id: messages.id },
);

/** The newest of all messages that follow this one, on whatever branches. */
const findNewestLeaf = statement(
  sql`
    with recursive branch as (
      select id, chat_id, seq from ${messages} as top
      where chat_id = ${sql.placeholder('chatId')}::uuid and id = ${sql.placeholder('id')}::uuid
      union all
      select child.id, child.chat_id, child.seq
      from branch cross join lateral (
        select * from ${messages} as child
        where child.chat_id = branch.chat_id and child.parent_id = branch.id
        offset 0
      ) as child
    )
    select id from branch order by seq desc limit 1`,
  { id: messages.id },
);
