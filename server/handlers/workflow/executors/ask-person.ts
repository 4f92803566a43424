import type { FilesByField, InputAnswer } from '../../../../db/store.ts';
import { newlyAnswered } from '../../../../shared/answered-parts.ts';
import { SwitchboardError } from '../../../../shared/errors.ts';
import type { InputId } from '../../../../shared/ids.ts';
import type { Part } from '../../../../shared/message.ts';
import { newId } from '../../../../shared/new-id.ts';
import type { InputRequest } from '../../../../shared/run.ts';
import { expiredBranch } from '../../../../shared/workflow-ways.ts';
import type { HandlerEvent } from '../../handler.ts';
import type { NodeContext } from '../node-executor.ts';

const msPerMinute = 60_000;

export interface PersonAsked extends Pick<InputRequest, 'kind' | 'prompt' | 'schema'> {
  readonly expiresAfterMinutes: number | undefined;
}

/** How a question was settled, for the node that asked it. */
export type PersonAnswered =
  | { readonly kind: 'answered'; readonly value: unknown; readonly files: FilesByField }
  /** The node has a way for it. */
  | { readonly kind: 'expired' };

/** Asks: the question is a part of the answer, without an answer yet, and the last thing that the node does. */
export function* askPerson({ expiresAfterMinutes, ...asked }: PersonAsked): Generator<HandlerEvent> {
  const id = newId<InputId>();
  yield inputPart({ type: 'input', inputId: id, prompt: asked.prompt });
  const expiresAt =
    expiresAfterMinutes === undefined
      ? undefined
      : new Date(Date.now() + expiresAfterMinutes * msPerMinute).toISOString();
  yield { type: 'ask', input: { id, ...asked, ...(expiresAt !== undefined && { expiresAt }) } };
}

/**
 * Writes the answer into the part that asked: files by their names there, not by their ids alone.
 *
 * Errors: `INPUT_EXPIRED`, when nobody answered in time and the node has no way for that.
 */
export function* takeAnswer(
  answer: InputAnswer,
  { resumed, ways }: NodeContext,
): Generator<HandlerEvent, PersonAnswered> {
  const { value, files = {}, expired } = answer;
  for (const part of newlyAnswered(resumed?.parts ?? [], [answer])) yield inputPart(part);
  if (!expired) return { kind: 'answered', value, files };
  if (ways.has(expiredBranch)) return { kind: 'expired' };
  throw new SwitchboardError('INPUT_EXPIRED', 'nobody answered the question in time; send the message again');
}

function inputPart(value: Extract<Part, { type: 'input' }>): HandlerEvent {
  return { type: 'part', key: value.inputId, value };
}
