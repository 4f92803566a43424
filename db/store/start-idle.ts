import { sql } from 'drizzle-orm';
import type { MessageId, RunId, UserId } from '../../shared/ids.ts';
import { newId } from '../../shared/new-id.ts';
import { driverError } from '../database-errors.ts';
import { gather } from '../gather.ts';
import { toRun, type ChatRow } from '../rows.ts';
import { chatEvents, chats, messages, modelCalls, runs, workflows } from '../schema.ts';
import type { Sql } from '../sql.ts';
import { statement } from '../statement.ts';
import type { SendRequest, SendResult } from '../store.ts';
import { LogEntries } from './chat-change.ts';
import { newRun } from './new-run.ts';
import { startRun } from './run-start.ts';
import { usableVersion } from './usable-app.ts';

export interface Sent {
  readonly userId: UserId;
  readonly request: SendRequest;
  readonly now: string;
}

/**
 * Records a message in an idle chat and starts its run, together with those of other chats in one statement. Null, and
 * nothing is written, when anything keeps it from that: the chat is busy, missing or another's, its app is not
 * published, the message is known, or another message of the chat comes at the same time.
 */
export function idleStarter(db: Sql): (sent: Sent) => Promise<SendResult | null> {
  return gather((sent) => startIdle(db, sent));
}

export async function startIdle(db: Sql, sent: readonly Sent[]): Promise<(SendResult | null)[]> {
  const starts = sent.map((one, index) => ({ ...one, index, runId: newId<RunId>(), answerId: newId<MessageId>() }));
  const chatIds = sent.map(({ request }) => request.chatId);
  const alone = starts.filter(({ request, index }) => chatIds.indexOf(request.chatId) === index);
  const idle = await startInIdleChats(db, { starts: JSON.stringify(alone.map(toRecord)) }).catch((error: unknown) => {
    // Another process was faster, or a message bears the id of an answer: the chat has to be held to tell which.
    if (sent.length === 1 && driverError(error)?.code === uniqueViolation) return [];
    throw error;
  });
  const chatOf = new Map(idle.map((chat) => [chat.index, chat]));
  return starts.map((start) => {
    const chat = chatOf.get(start.index);
    return chat ? resultOf(chat, start) : null;
  });
}

/** SQLSTATE. */
const uniqueViolation = '23505';

interface Start extends Sent {
  /** Among those that are written together. */
  readonly index: number;
  readonly runId: RunId;
  readonly answerId: MessageId;
}

function toRecord({ index, userId, request, now, runId, answerId }: Start) {
  const { chatId, messageId, text, instructions = null } = request;
  const ids = { owner_id: userId, chat_id: chatId, message_id: messageId, run_id: runId, answer_id: answerId };
  return { index, ...ids, text, instructions, now };
}

/** The chat as it was before, and the version of what answers in it. */
type IdleChat = Pick<ChatRow, 'id' | 'seq' | 'appKind' | 'appId' | 'leafMessageId'> & { readonly appVersion: number };

function resultOf(chat: IdleChat, { userId, request, now, runId, answerId }: Start): SendResult {
  const log = new LogEntries(chat);
  const queued = newRun(chat, { id: runId, userId, task: request, now });
  log.add({ type: 'run.queued', run: toRun(queued) });
  const { started } = startRun({ chat, queued, appVersion: chat.appVersion, answerId, log, now });
  const { messageId } = request;
  return { entries: log.entries, messageId, runId, seq: queued.sendSeq, disposition: 'started', started };
}

/**
 * Writes what `newRun` and `startRun` make. Chats are locked in the order of their ids, so that two of these do not
 * wait for each other.
 */
const startInIdleChats = statement(
  sql`
    with start as (
      select * from json_to_recordset(${sql.placeholder('starts')}::json) as start (
        index integer, owner_id text, chat_id uuid, message_id uuid, run_id uuid, answer_id uuid,
        text text, instructions jsonb, now timestamptz
      )
    ), idle as (
      select start.*, chat.seq, chat.app_kind, chat.app_id, chat.leaf_message_id, app.version as app_version
      from start join ${chats} as chat on chat.id = start.chat_id and chat.owner_id = start.owner_id
        cross join lateral (select ${usableVersion} as version) as app
      where chat.active_run_id is null
        and app.version is not null
        and (select id from ${runs} as run where run.chat_id = start.chat_id and status = 'queued' limit 1) is null
        and (
          select id from ${runs} as run where run.chat_id = start.chat_id and run.user_message_id = start.message_id
            and kind <> 'regenerate'
        ) is null
      order by chat.id
      for update of chat
    ), run as (
      insert into ${runs} (
        id, chat_id, owner_id, app_kind, app_id, status, kind, user_message_id, message_id, text,
        instructions, app_version, attempt, position, send_seq, created_at, started_at
      )
      select run_id, chat_id, owner_id, app_kind, app_id, 'running', 'send', message_id, answer_id, text,
        instructions, app_version, 1, seq + 1, seq + 1, now, now
      from idle
    ), added as (
      insert into ${messages} (chat_id, id, seq, run_id, parent_id, role, status, parts, created_at)
      select chat_id, message_id, seq + 2, run_id, leaf_message_id, 'user', 'completed',
        jsonb_build_array(jsonb_build_object('type', 'text', 'text', text)), now
      from idle
      union all
      select chat_id, answer_id, seq + 4, run_id, message_id, 'assistant', 'streaming', '[]'::jsonb, now from idle
    ), entries as (
      insert into ${chatEvents} (chat_id, seq, type, run_id, message_id)
      select chat_id, seq + 1, 'run.queued', run_id, null::uuid from idle
      union all select chat_id, seq + 2, 'message.added', null, message_id from idle
      union all select chat_id, seq + 3, 'run.started', run_id, null from idle
      union all select chat_id, seq + 4, 'message.added', null, answer_id from idle
    ), called as (
      insert into ${modelCalls} (id, owner_id, chat_id, run_id, purpose, step, status, opened_at)
      select run_id, owner_id, chat_id, run_id, 'answer', 1, 'open', now from idle
    )
    update ${chats} as chat set
      seq = idle.seq + 4, active_run_id = idle.run_id, leaf_message_id = idle.answer_id, updated_at = idle.now
    from idle where chat.id = idle.chat_id
    returning idle.index, idle.chat_id, idle.seq, idle.app_kind, idle.app_id, idle.leaf_message_id,
      idle.app_version`,
  {
    index: messages.seq,
    id: chats.id,
    seq: chats.seq,
    appKind: chats.appKind,
    appId: chats.appId,
    leafMessageId: chats.leafMessageId,
    appVersion: workflows.version,
  },
);
