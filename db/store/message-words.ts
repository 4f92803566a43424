import { sql } from 'drizzle-orm';
import type { ChatId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import { chats, messages, messageWords } from '../schema.ts';
import type { Sql } from '../sql.ts';
import { statement } from '../statement.ts';

/**
 * Words in every language are treated alike (`simple`): nobody says which language a chat is in, and stems of the wrong
 * one hide what is there.
 */
export async function indexMessages(db: Sql, chatIds: readonly ChatId[]): Promise<void> {
  if (chatIds.length > 0) await writeWords(db, { chatIds: JSON.stringify(chatIds) });
}

/** Chats at rest only: what is being written is indexed at its end. */
const writeWords = statement(
  sql`
    with behind as (
      select chat.id, chat.seq, chat.indexed_seq
      from ${chats} as chat join json_array_elements_text(${sql.placeholder('chatIds')}::json) as asked (id)
        on chat.id = asked.id::uuid
      where chat.indexed_seq < chat.seq and chat.active_run_id is null and not chat.debug
      order by chat.id
      for update of chat
    ), texts as (
      select message.chat_id, message.id, (
        select string_agg(part ->> 'text', ' ') from jsonb_array_elements(message.parts) as part
        where part ->> 'type' = 'text'
      ) as text
      from behind join ${messages} as message on message.chat_id = behind.id and message.seq > behind.indexed_seq
    ), written as (
      insert into ${messageWords} (chat_id, message_id, words)
      select chat_id, id, to_tsvector('simple', left(text, ${sql.raw(String(limits.searchedText))}))
      from texts where text is not null
      on conflict (chat_id, message_id) do update set words = excluded.words
    )
    update ${chats} as chat set indexed_seq = behind.seq from behind where chat.id = behind.id`,
  {},
);

/** Chats of which something is not indexed yet: what the end of the last process kept from it. */
export async function unindexed(db: Sql): Promise<ChatId[]> {
  const found = await db
    .select({ id: chats.id })
    .from(chats)
    .where(sql`${chats.indexedSeq} < ${chats.seq} and not ${chats.debug}`);
  return found.map(({ id }) => id);
}

/** Asks for words that begin with each word of the search; null when it has none. */
export function wordsQuery(search: string): string | null {
  const words = searchedWords(search);
  return words.length === 0 ? null : words.map((word) => `'${word}':*`).join(' & ');
}

/** Letters and digits only. */
export function searchedWords(search: string): string[] {
  return search.match(/[\p{L}\p{N}]+/gu) ?? [];
}
