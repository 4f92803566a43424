import { and, eq, sql, type SQL } from 'drizzle-orm';
import { SwitchboardError } from '../../shared/errors.ts';
import { noFeedback, type Feedback } from '../../shared/feedback.ts';
import type { ChatId, MessageId, UserId } from '../../shared/ids.ts';
import type { ChatRow, MessageRow } from '../rows.ts';
import { answerFeedback, messages, runs } from '../schema.ts';
import type { Sql } from '../sql.ts';
import type { Change, FeedbackChange } from '../store.ts';
import { LogEntries, lockChat, saveChange } from './chat-change.ts';

export function giveFeedback(
  db: Sql,
  now: string,
  userId: UserId,
  chatId: ChatId,
  change: FeedbackChange,
): Promise<Change & { feedback: Feedback }> {
  return db.transaction(async (tx) => {
    const chat = await lockChat(tx, chatId, userId);
    const answer = await findAnswer(tx, chatId, change.messageId);
    const feedback = changed(answer.feedback ?? noFeedback, change);
    const log = new LogEntries(chat);
    log.add({ type: 'message.feedback', messageId: answer.id, feedback });
    await saveChange(tx, chat, log, {}, [
      sql`update ${messages} set feedback = ${JSON.stringify(feedback)}::jsonb where chat_id = ${chatId} and id = ${answer.id}`,
      counted(chat, answer, feedback, now),
    ]);
    return { entries: log.entries, feedback };
  });
}

/** The same where it is counted. */
function counted(chat: ChatRow, answer: MessageRow, feedback: Feedback, now: string): SQL {
  const { rating, copied } = feedback;
  const comment = feedback.comment ?? null;
  const commentedAt = comment === null ? null : now;
  return sql`
    insert into ${answerFeedback} as before (
      id, chat_id, message_id, app_id, app_version, rating, comment, copied, commented_at
    ) values (
      gen_random_uuid(), ${chat.id}, ${answer.id}, ${chat.appId},
      (select app_version from ${runs} where ${runs.id} = ${answer.runId}::uuid),
      ${rating}, ${comment}, ${copied}, ${commentedAt}
    ) on conflict (chat_id, message_id) do update set
      rating = excluded.rating, comment = excluded.comment, copied = excluded.copied,
      commented_at = case when before.comment is distinct from excluded.comment
        then excluded.commented_at else before.commented_at end`;
}

async function findAnswer(tx: Sql, chatId: ChatId, messageId: MessageId): Promise<MessageRow> {
  const [found] = await tx
    .select()
    .from(messages)
    .where(and(eq(messages.chatId, chatId), eq(messages.id, messageId), eq(messages.role, 'assistant')));
  if (!found) throw new SwitchboardError('NOT_FOUND', `The chat has no answer ${messageId}.`);
  if (found.status !== 'streaming') return found;
  throw new SwitchboardError(
    'CONFLICT_BUSY',
    'The answer is still being written; say what you think of it at its end.',
    {
      details: { ...(found.runId && { activeRunId: found.runId }) },
    },
  );
}

function changed({ comment, ...before }: Feedback, change: FeedbackChange): Feedback {
  const says = change.comment === undefined ? comment : change.comment || undefined;
  return {
    rating: change.rating === undefined ? before.rating : change.rating,
    copied: before.copied + (change.copied ? 1 : 0),
    ...(says !== undefined && { comment: says }),
  };
}
