import type { Attachment, StreamedEvent } from '../index.ts';
import { exitCodes } from './exit-codes.ts';
import { waitingWords } from './questions.ts';
import { answerOf, endTurn, whileStoppable } from './turn.ts';
import type { Turn } from './turn.ts';

/**
 * Sends one message and prints what happens to it on stdout, one JSON object a line: the events of its run with their
 * cursors, from `run.queued` to `run.ended`, or to the question that it asks a person. What other runs of the chat do meanwhile is left out. Resolves to the exit
 * code that tells the ending.
 *
 * After a long loss of the connection a `snapshot` may stand for what was missed.
 */
export async function printEvents(turn: Turn, text: string, attachments: readonly Attachment[] = []): Promise<number> {
  const { session, chat, leave } = turn;
  const events = session.client.stream({ chatId: chat.id }, { signal: leave });
  try {
    // The place before the send: its own cursor stands after `run.queued`.
    await events.next();
    leave.throwIfAborted();
    const message = { chatId: chat.id, text, ...(attachments.length > 0 && { attachments }) };
    const sent = await session.client.send(message, { signal: leave });
    return await whileStoppable(turn, sent.runId, () => print(turn, events, sent.runId));
  } finally {
    await events.return?.();
  }
}

async function print(turn: Turn, events: AsyncIterable<StreamedEvent>, runId: string): Promise<number> {
  const { session, chat, leave } = turn;
  const answer = answerOf(chat, runId);
  for await (const event of events) {
    const { asked, ending } = answer.apply(event);
    if (isOf(event, runId)) await session.screen.line(JSON.stringify(event));
    if (ending) return endTurn(turn, ending);
    if (asked) {
      session.screen.notice(waitingWords(chat.id, asked.request.id));
      return exitCodes.asked;
    }
  }
  leave.throwIfAborted();
  session.screen.notice('the chat was deleted');
  return exitCodes.stopped;
}

/** Whether an event tells something of the run, or of everything. */
function isOf(event: StreamedEvent, runId: string): boolean {
  switch (event.type) {
    case 'snapshot':
    case 'chat.deleted':
      return true;
    case 'chat.updated':
    case 'queue.changed':
    case 'input.answered':
    case 'message.feedback':
      return false;
    case 'run.queued':
    case 'run.started':
      return event.run.id === runId;
    case 'message.added':
    case 'message.completed':
      return event.message.runId === runId;
    case 'input.requested':
      return event.input.runId === runId;
    default:
      return event.runId === runId;
  }
}
