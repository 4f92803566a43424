import { sql } from 'drizzle-orm';
import { insertRows } from '../insert-rows.ts';
import { toInputRequest, type InputRow } from '../rows.ts';
import { inputRequests, messages, runs } from '../schema.ts';
import type { Sql } from '../sql.ts';
import type { Change, ModelCallStatus, SuspendedRun } from '../store.ts';
import { LogEntries, saveChange } from './chat-change.ts';
import { closeCall } from './model-calls.ts';
import type { ActiveRun } from './run-ends.ts';

type Asking = Pick<SuspendedRun, 'question' | 'parts' | 'usage' | 'model' | 'nodes' | 'lastCall'> & {
  /** How its model call has ended; absent: `finished`. */
  readonly callStatus?: ModelCallStatus;
};

/** Lets a run at work, whose chat is held, wait for the answer to a question. */
export async function ask(tx: Sql, now: string, { chat, run }: ActiveRun, asking: Asking): Promise<Change> {
  const { question, parts, usage, model, nodes, callStatus } = asking;
  const log = new LogEntries(chat);
  const row: InputRow = {
    ...question,
    chatId: chat.id,
    runId: run.id,
    seq: log.seq + 1,
    subject: question.subject === undefined ? null : { value: question.subject },
    status: 'pending',
    answer: null,
    answeredBy: null,
    createdAt: now,
    expiresAt: question.expiresAt ?? null,
    settledAt: null,
  };
  const seq = log.add({ type: 'input.requested', input: toInputRequest(row) });
  await saveChange(tx, chat, log, {}, [
    insertRows(inputRequests, [row]),
    sql`update ${runs} set
        status = 'waiting', suspended_seq = ${seq}, nodes = ${nodes ? JSON.stringify(nodes) : null}::jsonb
      where id = ${run.id}`,
    sql`update ${messages} set
        parts = ${JSON.stringify(parts)}::jsonb, usage = ${usage ? JSON.stringify(usage) : null}::jsonb, model = ${model ?? null}
      where chat_id = ${chat.id} and id = ${run.messageId}`,
    closeCall(run.id, asking.lastCall ?? asking, now, callStatus),
  ]);
  return { entries: log.entries };
}
