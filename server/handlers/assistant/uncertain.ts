import type { InputAnswer } from '../../../db/store.ts';
import { UncertainDecision } from '../../../shared/uncertain-call.ts';
import type { WaitingPart } from './approval.ts';

/** What the model is told instead of a result that is lost. */
const assumedDone = 'A person says that this call took effect. What it gave back is lost.';

const leftOut = 'it was broken off, and may have taken effect; the person wants to go on without it';

/** What becomes of a call of which nobody knew whether it took effect. */
export type Outcome =
  | { readonly kind: 'assumed done'; readonly output: string }
  | { readonly kind: 'again' }
  | { readonly kind: 'left out'; readonly error: string };

/** What a person has said to it; null when nobody has been asked yet. Without an answer in time it is left out. */
export function outcomeOf({ inputId }: WaitingPart, answers: readonly InputAnswer[]): Outcome | null {
  const answer = answers.findLast((one) => one.inputId === inputId);
  if (!answer) return null;
  const parsed = UncertainDecision.safeParse(answer.value);
  if (answer.expired || !parsed.success) return { kind: 'left out', error: leftOut };
  return outcomes[parsed.data];
}

const outcomes: Readonly<Record<UncertainDecision, Outcome>> = {
  'it worked': { kind: 'assumed done', output: assumedDone },
  'run it again': { kind: 'again' },
  'go on without it': { kind: 'left out', error: leftOut },
};
