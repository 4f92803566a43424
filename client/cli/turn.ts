import type { Attachment, SendOutput } from '../index.ts';
import type { Chat } from '../../shared/chat.ts';
import { AnswerText } from './answer-text.ts';
import type { Shown } from './answer-text.ts';
import { exitCodes } from './exit-codes.ts';
import type { LineSource } from './line-source.ts';
import { Questions } from './questions.ts';
import type { Screen } from './screen.ts';
import type { Session } from './session.ts';

export interface Turn {
  readonly session: Session;
  readonly chat: Chat;
  readonly showReasoning: boolean;
  /** Where the answers to its questions come from; null when nobody is there to be asked. */
  readonly lines: () => LineSource | null;
  /** Aborts when the answer shall be stopped. The turn then goes on to its end, which is `stopped`. */
  readonly stop: AbortSignal;
  /** Aborts, with the reason to throw, when the turn shall be left where it is. */
  readonly leave: AbortSignal;
}

/** What is sent. */
export interface TurnMessage {
  readonly text: string;
  readonly attachments?: readonly Attachment[];
  /** For the variables of a workflow of one's own. */
  readonly parameters?: Record<string, unknown>;
}

/** The run whose answer is shown. */
export interface FollowedRun {
  readonly runId: string;
  /** A place before the answer; absent: all of it that there is already is shown first. */
  readonly cursor?: string;
}

/**
 * Sends one message and shows its answer as it comes: text on stdout, everything else on stderr. Resolves to the exit
 * code that tells its ending.
 */
export async function takeTurn(turn: Turn, { text, attachments = [], parameters }: TurnMessage): Promise<number> {
  const { client } = turn.session;
  const more = { ...(attachments.length > 0 && { attachments }), ...(parameters && { parameters }) };
  const message = { chatId: turn.chat.id, text, ...more };
  return followSent(turn, await client.send(message, { signal: turn.leave }));
}

/** Shows the answer to what was just sent. */
export async function followSent(turn: Turn, sent: SendOutput): Promise<number> {
  const { screen } = turn.session;
  if (sent.disposition === 'queued') screen.notice('waiting: another answer is being written in this chat');
  return followRun(turn, sent);
}

/** Shows the answer of a run to its end, and stops it when that is asked for. */
export async function followRun(turn: Turn, run: FollowedRun): Promise<number> {
  return whileStoppable(turn, run.runId, () => showAnswer(turn, run));
}

/** Stops the run when the turn's `stop` aborts while the work is under way. */
export async function whileStoppable<Result>(
  { session: { client, screen }, chat, stop, leave }: Turn,
  runId: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const stopRun = (): void => {
    screen.notice('stopping the answer; Ctrl-C again leaves it');
    client
      .stop({ chatId: chat.id, runId }, { signal: leave })
      .catch((error: unknown) => screen.notice(`could not stop the answer: ${String(error)}`));
  };
  stop.addEventListener('abort', stopRun, { once: true });
  if (stop.aborted) stopRun();
  try {
    return await work();
  } finally {
    stop.removeEventListener('abort', stopRun);
  }
}

async function showAnswer(turn: Turn, run: FollowedRun): Promise<number> {
  const { session, chat, showReasoning, leave } = turn;
  const { client, screen } = session;
  const answer = answerOf(chat, run.runId);
  const questions = new Questions(turn);
  const from = run.cursor === undefined ? { chatId: chat.id } : { chatId: chat.id, lastEventId: run.cursor };
  try {
    for await (const event of client.stream(from, { signal: AbortSignal.any([leave, questions.over]) })) {
      const shown = answer.apply(event);
      for (const words of shown.notices) screen.notice(words);
      if (showReasoning) await screen.aside(shown.reasoning);
      await screen.text(shown.text);
      questions.see(event, shown.ending ? null : shown.asked);
      if (shown.ending) return await endTurn(turn, shown.ending);
    }
  } finally {
    await screen.endLine();
    // A prompt that waits is taken away; the question stays for others.
    if (!questions.over.aborted) questions.leave();
  }
  leave.throwIfAborted();
  if (questions.over.aborted) return questions.tellUnanswered();
  screen.notice('the chat was deleted');
  return exitCodes.stopped;
}

/** The answer of a run before anything of it is known. */
export function answerOf(chat: Chat, runId: string): AnswerText {
  return new AnswerText(
    { chat, messages: [], nextCursor: null, activeRun: null, pendingInput: null, queue: [] },
    runId,
  );
}

/** Tells how the answer ended, and the server that it was seen. Resolves to the exit code. */
export async function endTurn(turn: Turn, ending: NonNullable<Shown['ending']>): Promise<number> {
  const { session, chat, leave } = turn;
  const code = await tellEnding(session.screen, ending);
  // Without it the chat stays marked as unread, which is no reason to fail.
  await session.client.api.chat.markRead.mutate({ chatId: chat.id }, { signal: leave }).catch(() => {});
  return code;
}

/** Tells on stderr how an answer ended, unless it is complete, and returns the exit code for it. */
async function tellEnding(screen: Screen, { status, error }: NonNullable<Shown['ending']>): Promise<number> {
  await screen.endLine();
  if (status === 'paused')
    screen.notice('paused: the message waits until somebody resumes the queue or sends another one');
  else if (status !== 'completed') screen.notice(error ? `${status}: ${error.code}: ${error.message}` : status);
  return exitCodes[status];
}
