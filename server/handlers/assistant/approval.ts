import { z } from 'zod';
import type { InputId } from '../../../shared/ids.ts';
import type { ToolPart } from '../../../shared/message.ts';
import type { InputAnswer } from '../../../db/store.ts';
import type { Question } from '../../../shared/run.ts';

/** UTF-16 units of the reason that the model is told. */
const reasonText = 2_000;

const Decision = z.object({
  decision: z.enum(['approve', 'deny']),
  /** Arguments in place of the model's. */
  input: z.unknown().optional(),
  /** Why not; the model is told. */
  reason: z.string().max(reasonText).optional(),
});

const { $schema: _, ...decisionSchema } = z.toJSONSchema(Decision);

/** The part of a call that waits for a person: mostly it has not begun, because somebody has to allow it. */
export type WaitingPart = ToolPart & { readonly inputId: InputId };

/** What a person has said to a call; `input` is what it is called with. */
export type Verdict =
  | { readonly kind: 'approved'; readonly input: unknown }
  | { readonly kind: 'denied'; readonly reason: string | undefined };

/** The question that a waiting call has to have answered, until then. */
export function approvalOf({ toolCallId, name, input, inputId }: WaitingPart, expiresAt: string): Question {
  return {
    id: inputId,
    kind: 'approval',
    prompt: `May ${name} be called?`,
    schema: decisionSchema,
    expiresAt,
    subject: { toolCallId, name, input },
  };
}

/** What has been said to this call; null when nobody has been asked yet, or not answered. */
export function verdictOn(part: WaitingPart, answers: readonly InputAnswer[]): Verdict | null {
  const answer = answers.findLast(({ inputId }) => inputId === part.inputId);
  if (!answer) return null;
  if (answer.expired) return { kind: 'denied', reason: 'nobody answered in time' };
  const parsed = Decision.safeParse(answer.value);
  // What cannot be read is no permission.
  if (!parsed.success) return { kind: 'denied', reason: undefined };
  const { decision, input, reason } = parsed.data;
  return decision === 'approve' ? { kind: 'approved', input: input ?? part.input } : { kind: 'denied', reason };
}
