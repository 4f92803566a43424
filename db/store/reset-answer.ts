import { sql } from 'drizzle-orm';
import { limits } from '../../shared/limits.ts';
import { partialAnswer } from '../partial-answer.ts';
import type { SliceRow } from '../rows.ts';
import { messages, runs } from '../schema.ts';
import type { Sql } from '../sql.ts';
import type { Change, RecalledAnswer } from '../store.ts';
import { LogEntries, saveChange } from './chat-change.ts';
import { findMessage } from './find-message.ts';
import { closeCall, estimateOfCrash } from './model-calls.ts';
import type { ActiveRun } from './run-ends.ts';

/**
 * A run whose process has died is due again, with what is certain of its answer. Its attempt counts up already here, so
 * that nothing that its last process may still write is taken for the next one's.
 *
 * Null when it has died too often without having come further.
 */
export async function resetAnswer(
  tx: Sql,
  now: string,
  { chat, run }: ActiveRun,
  { parts, usage, model, progress }: RecalledAnswer,
  slices: readonly SliceRow[],
): Promise<(Change & { readonly status: 'running' }) | null> {
  const crashes = run.crashProgress !== null && progress <= run.crashProgress ? run.crashes + 1 : 1;
  if (crashes > limits.runCrashes || run.messageId === null) return null;
  const before = (await findMessage(tx, chat.id, run.messageId)).parts;
  const log = new LogEntries(chat);
  const seq = log.add({ type: 'answer.reset', runId: run.id });
  await saveChange(tx, chat, log, {}, [
    sql`update ${runs} set
        attempt = attempt + 1, due_seq = ${seq}, suspended_seq = ${seq}, crashes = ${crashes}, crash_progress = ${progress}
      where id = ${run.id}`,
    sql`update ${messages} set
        parts = ${JSON.stringify(parts)}::jsonb, usage = ${usage ? JSON.stringify(usage) : null}::jsonb, model = ${model}
      where chat_id = ${chat.id} and id = ${run.messageId}`,
    closeCall(run.id, estimateOfCrash(run, before, partialAnswer(before, slices)), now, 'crashed'),
  ]);
  return { entries: log.entries, status: 'running' };
}
