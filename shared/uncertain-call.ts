import { z } from 'zod';
import type { InputId } from './ids.ts';
import type { ToolPart } from './message.ts';
import type { Question } from './run.ts';
import { cutText } from './text.ts';

/** What a person says to a call of which nobody knows whether it took effect. Each is the word on its button. */
export const UncertainDecision = z.enum(['it worked', 'run it again', 'go on without it']);
export type UncertainDecision = z.infer<typeof UncertainDecision>;

/** UTF-16 units of the arguments in the question; all of them are in the answer's part. */
const shownInput = 1_000;

/** The question about a call that was under way when the process died. Who goes on without an answer goes on without the call. */
export function uncertainQuestion(
  { toolCallId, name, input, inputId }: ToolPart & { readonly inputId: InputId },
  expiresAt: string,
): Question {
  const all = JSON.stringify(input ?? null);
  const shown = cutText(all, shownInput);
  const call = `${name} was being called with ${shown}${shown.length < all.length ? '…' : ''}`;
  return {
    id: inputId,
    kind: 'choice',
    prompt: `The server stopped while ${call}. Nobody knows whether that took effect. What shall become of it?`,
    schema: { enum: [...UncertainDecision.options] },
    expiresAt,
    subject: { toolCallId, name, input },
  };
}
