import { newId } from '../../shared/new-id.ts';
import { insertRows } from '../insert-rows.ts';
import { toRun, type ChatRow, type MessageRow, type RunRow } from '../rows.ts';
import { messages, runs } from '../schema.ts';
import type { Sql } from '../sql.ts';
import type { SendResult } from '../store.ts';
import { useFiles } from './attachments.ts';
import { LogEntries, saveChange } from './chat-change.ts';
import { openFirstCall } from './model-calls.ts';
import { startRun } from './run-start.ts';

interface HeldStart {
  readonly queued: RunRow;
  readonly appVersion: number;
  /** The person's message where there is one already. */
  readonly answered?: MessageRow | undefined;
}

/** Records a run in an idle chat that is held, and starts it. */
export async function startHeld(
  tx: Sql,
  chat: ChatRow,
  { queued, appVersion, answered }: HeldStart,
  now: string,
): Promise<SendResult> {
  const log = new LogEntries(chat);
  log.add({ type: 'run.queued', run: toRun(queued) });
  const begun = startRun({ chat, queued, appVersion, answered, answerId: newId(), log, now });
  await saveChange(tx, chat, log, begun.chat, [
    insertRows(runs, [begun.run]),
    insertRows(messages, begun.messages),
    openFirstCall(begun.run, now),
    ...useFiles({ chatId: chat.id, messageId: queued.userMessageId }, queued.attachments),
  ]);
  const { id: runId, sendSeq: seq } = begun.run;
  const messageId = queued.messageId ?? queued.userMessageId;
  return { entries: log.entries, messageId, runId, seq, disposition: 'started', started: begun.started };
}
