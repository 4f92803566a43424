import { sql } from 'drizzle-orm';
import type { MessageId, RunId, UserId } from '../../shared/ids.ts';
import { newId } from '../../shared/new-id.ts';
import { toRun } from '../rows.ts';
import { assistants, chatEvents, chats, messages, runs, workflows } from '../schema.ts';
import type { Sql } from '../sql.ts';
import { statement } from '../statement.ts';
import type { SendRequest, SendResult } from '../store.ts';
import { LogEntries } from './chat-change.ts';
import { newRun } from './new-run.ts';
import { startRun } from './run-start.ts';

/**
 * Records a message in an idle chat and starts its run, all of it in one statement. Null, and nothing is written, when
 * anything keeps it from that: the chat is busy, missing or another's, its app is not published, the message is known.
 */
export async function startIdle(
  db: Sql,
  now: string,
  userId: UserId,
  request: SendRequest,
): Promise<SendResult | null> {
  const ids = { runId: newId<RunId>(), answerId: newId<MessageId>() };
  const { chatId, messageId, text } = request;
  const parts = JSON.stringify([{ type: 'text', text }]);
  const [chat] = await startInIdleChat(db, { chatId, userId, messageId, text, parts, ...ids, now });
  if (!chat) return null;
  const log = new LogEntries(chat);
  const queued = newRun({ ...chat, id: chatId }, { ...request, id: ids.runId, userId, now });
  log.add({ type: 'run.queued', run: toRun(queued) });
  const { started } = startRun({ chat, queued, answerId: ids.answerId, log, now });
  return {
    entries: log.entries,
    messageId,
    runId: queued.id,
    seq: queued.sendSeq,
    disposition: 'started',
    started,
  };
}

const { placeholder } = sql;
const chatId = sql`${placeholder('chatId')}::uuid`;
const messageId = sql`${placeholder('messageId')}::uuid`;
const runId = sql`${placeholder('runId')}::uuid`;
const answerId = sql`${placeholder('answerId')}::uuid`;
const now = sql`${placeholder('now')}::timestamptz`;

/** Writes what `newRun` and `startRun` make, and returns the chat as it was. */
const startInIdleChat = statement(
  sql`
    with idle as (
      select id, seq, app_kind, app_id, leaf_message_id from ${chats} as chat
      where id = ${chatId} and owner_id = ${placeholder('userId')} and active_run_id is null
        and case app_kind
          when 'assistant' then (select published from ${assistants} as app where app.id = app_id)
          when 'workflow' then (select published from ${workflows} as app where app.id = app_id)
        end
        and not exists (
          select from ${runs} as run
          where run.chat_id = ${chatId} and (status = 'queued' or user_message_id = ${messageId})
        )
      for update of chat
    ), run as (
      insert into ${runs} (
        id, chat_id, owner_id, app_kind, app_id, status, user_message_id, message_id, text,
        attempt, position, send_seq, created_at, started_at
      )
      select ${runId}, id, ${placeholder('userId')}, app_kind, app_id, 'running', ${messageId}, ${answerId},
        ${placeholder('text')}, 1, seq + 1, seq + 1, ${now}, ${now}
      from idle
    ), added as (
      insert into ${messages} (chat_id, id, seq, run_id, parent_id, role, status, parts, created_at)
      select id, ${messageId}, seq + 2, ${runId}, leaf_message_id, 'user', 'completed',
        ${placeholder('parts')}::jsonb, ${now} from idle
      union all
      select id, ${answerId}, seq + 4, ${runId}, ${messageId}, 'assistant', 'streaming', '[]'::jsonb, ${now} from idle
    ), entries as (
      insert into ${chatEvents} (chat_id, seq, type, run_id, message_id)
      select id, seq + 1, 'run.queued', ${runId}, null::uuid from idle
      union all select id, seq + 2, 'message.added', null, ${messageId} from idle
      union all select id, seq + 3, 'run.started', ${runId}, null from idle
      union all select id, seq + 4, 'message.added', null, ${answerId} from idle
    )
    update ${chats} as chat set
      seq = idle.seq + 4, active_run_id = ${runId}, leaf_message_id = ${answerId}, updated_at = ${now}
    from idle where chat.id = idle.id
    returning idle.seq, idle.app_kind, idle.app_id, idle.leaf_message_id`,
  { seq: chats.seq, appKind: chats.appKind, appId: chats.appId, leafMessageId: chats.leafMessageId },
);
