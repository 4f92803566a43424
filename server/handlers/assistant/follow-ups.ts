import { HumanMessage, SystemMessage } from '@langchain/core/messages';
import type { Usage } from '../../../shared/message.ts';
import { cutText } from '../../../shared/text.ts';
import { demoModelId } from '../demo-model.ts';
import type { HandlerEvent } from '../handler.ts';
import type { ModelCalls } from '../model-calls.ts';
import type { ResolvedModel } from '../models.ts';
import { streamAnswer } from '../stream-answer.ts';

export interface FollowUpOptions {
  readonly resolved: ResolvedModel;
  /** What was answered. */
  readonly question: string;
  readonly signal: AbortSignal;
  readonly calls: ModelCalls;
}

/** Suggestions for one answer: more of them nobody reads. */
const most = 3;

/** UTF-16 units of a suggestion; what is longer is no question that somebody would click on. */
const longest = 200;

/** UTF-16 units of each side that the model is shown again. */
const shownText = 4_000;

/** Milliseconds that suggestions may take: the answer is there, and its end waits for them. */
const patienceMs = 15_000;

const instruction =
  `Suggest up to ${most} short questions that the person may want to ask next, in the language of the conversation and ` +
  'from their point of view. Write each on a line of its own, without numbers, and nothing else.';

/**
 * The events of an answer, and after it what the person may ask next, as a part of its own.
 *
 * An answer is whole without suggestions: when they cannot be had there are none, and nothing fails. The demo has none.
 */
export async function* withFollowUps(
  answer: AsyncIterable<HandlerEvent>,
  { resolved, question, signal, calls }: FollowUpOptions,
): AsyncGenerator<HandlerEvent, void> {
  let text = '';
  let before: Usage | null = null;
  for await (const event of answer) {
    if (event.type === 'text') text += event.text;
    if (event.type === 'usage') before = event.usage;
    yield event;
    if (event.type === 'ask') return;
  }
  if (text.trim() === '' || resolved.id === demoModelId) return;
  const conversation = `Person: ${cutText(question, shownText)}\n\nAnswer: ${cutText(text, shownText)}`;
  const messages = [new SystemMessage(instruction), new HumanMessage(conversation)];
  const patience = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
  let lines = '';
  try {
    for await (const event of streamAnswer(resolved, messages, patience, { before, calls })) {
      if (event.type === 'text') lines += event.text;
      yield event.type === 'usage' ? event : { type: 'alive' };
    }
  } catch {
    signal.throwIfAborted();
    return;
  }
  const items = suggestionsIn(lines);
  if (items.length > 0) yield { type: 'part', key: 'suggestions', value: { type: 'suggestions', items } };
}

/** Models number lines and put marks before them whatever they are told. */
function suggestionsIn(lines: string): string[] {
  return lines
    .split('\n')
    .map((line) => line.replace(/^[\s*•–-]*(?:\d+[.)]\s*)?/, '').trim())
    .filter((line) => line !== '' && line.length <= longest)
    .slice(0, most);
}
