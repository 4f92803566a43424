import { sql } from 'drizzle-orm';
import type { ChatId, MessageId } from '../../shared/ids.ts';
import type { FoundMessage } from '../../shared/listed-chat.ts';
import type { Message } from '../../shared/message.ts';
import { limits } from '../../shared/limits.ts';
import { messages, messageWords } from '../schema.ts';
import type { Sql } from '../sql.ts';
import { excerptOf } from './excerpt.ts';
import { searchedWords, wordsQuery } from './message-words.ts';

/** Characters of a message that are read for its excerpt, from before the first word: a long one is not sent whole. */
const stretchText = 1_000;
const stretchBefore = 100;

interface Found {
  readonly chatId: ChatId;
  readonly messageId: MessageId;
  readonly role: Message['role'];
  readonly text: string;
  readonly from: number;
  readonly whole: number;
}

/** The newest message in each of these chats that has what is searched for; chats without one are left out. */
export async function foundMessages(
  db: Sql,
  chatIds: readonly ChatId[],
  search: string,
): Promise<ReadonlyMap<ChatId, FoundMessage>> {
  const query = wordsQuery(search);
  if (query === null || chatIds.length === 0) return new Map();
  const words = searchedWords(search);
  const rows = await db
    .select({
      chatId: sql<ChatId>`chat_id`,
      messageId: sql<MessageId>`id`,
      role: sql<Message['role']>`role`,
      text: sql<string>`substr(text, place, ${stretchText}::int)`,
      from: sql<number>`place`,
      whole: sql<number>`length(text)`,
    })
    .from(newestFound(chatIds, query, words));
  return new Map(rows.map((row) => [row.chatId, toFound(row, words)]));
}

/** `place`: the character at which the stretch begins, from 1. */
function newestFound(chatIds: readonly ChatId[], query: string, words: readonly string[]) {
  const ids = sql.join(
    chatIds.map((id) => sql`${id}::uuid`),
    sql`, `,
  );
  const beginsWord = `(?<![[:alnum:]])(?:${words.join('|')})`;
  return sql`(
    select found.*, greatest(1, regexp_instr(found.text, ${beginsWord}, 1, 1, 0, 'i') - ${stretchBefore}::int) as place
    from (
      select distinct on (message.chat_id) message.chat_id, message.id, message.role, (
        select left(coalesce(string_agg(part ->> 'text', ' '), ''), ${limits.searchedText}::int)
        from jsonb_array_elements(message.parts) as part where part ->> 'type' = 'text'
      ) as text
      from ${messageWords} as words
        join ${messages} as message on message.id = words.message_id and message.chat_id = words.chat_id
      where words.chat_id in (${ids}) and words.words @@ to_tsquery('simple', ${query})
      order by message.chat_id, message.seq desc
    ) as found
  ) as placed`;
}

function toFound({ messageId, role, text, from, whole }: Found, words: readonly string[]): FoundMessage {
  const stretch = { text, isCutBefore: from > 1, isCutAfter: from - 1 + stretchText < whole };
  return { messageId, role, ...excerptOf(stretch, words) };
}
