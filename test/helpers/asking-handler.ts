import { expectAnswer } from '../../server/handlers/expect-answer.ts';
import type { HandlerEvent, HandlerRun } from '../../server/handlers/handler.ts';
import { newId } from '../../shared/new-id.ts';

/** What it says before each question; the whole text is `q0? left. q1? right. done`. */
const asks = (index: number): string => `q${index}? `;

/**
 * A handler that asks as often as the message says: `ask COUNT [EXPIRES_IN_MS [goOn]]`, in words of their own, and then
 * says it is done. With `goOn` an expiry is an answer like others.
 */
export async function* askingHandler({ text, resumed }: HandlerRun): AsyncGenerator<HandlerEvent> {
  const [, count, expiresInMs, whenExpired] = text.split(' ');
  const answers = resumed?.answers ?? [];
  const last = answers.at(-1);
  if (last) {
    const answer = last.expired && whenExpired === 'goOn' ? 'nothing' : expectAnswer(last);
    for (const piece of [String(answer), '.', ' ']) yield { type: 'text', text: piece };
  }
  yield { type: 'usage', usage: { inputTokens: 10, outputTokens: 1, source: 'reported' } };
  if (answers.length === Number(count ?? 0)) {
    yield { type: 'text', text: 'done' };
    return;
  }
  for (const piece of asks(answers.length)) yield { type: 'text', text: piece };
  const expiresAt = expiresInMs && new Date(Date.now() + Number(expiresInMs)).toISOString();
  yield {
    type: 'ask',
    input: {
      id: newId(),
      kind: 'choice',
      prompt: asks(answers.length),
      schema: { enum: ['left', 'right'] },
      subject: { index: answers.length },
      ...(expiresAt && { expiresAt }),
    },
  };
  throw new Error('expected nobody to ask for more after a question');
}
