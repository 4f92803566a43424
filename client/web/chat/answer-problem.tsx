import type { ReactNode } from 'react';
import type { Message } from '../../../shared/message.ts';
import { explainAnswer } from '../trouble/explain.ts';
import type { Explanation } from '../trouble/explain.ts';
import { Trouble } from '../trouble/trouble.tsx';

interface AnswerProblemProps {
  readonly message: Message;
  /** Null where asking again makes no sense, because the conversation has gone on. */
  readonly onAskAgain: (() => void) | null;
}

/** Why an answer is not whole, and what to do next. */
export function AnswerProblem({ message, onAskAgain }: AnswerProblemProps) {
  const explanation = explainAnswer(message);
  if (explanation === null) return null;
  const again = explanation.canAskAgain && onAskAgain !== null && <AskAgain onAskAgain={onAskAgain} />;
  if (message.status === 'stopped') return <Stopped explanation={explanation}>{again}</Stopped>;
  return (
    <Trouble explanation={explanation} error={message.error}>
      {again}
    </Trouble>
  );
}

function AskAgain({ onAskAgain }: { readonly onAskAgain: () => void }) {
  return (
    <button type="button" className="quiet" onClick={onAskAgain}>
      Ask again
    </button>
  );
}

/** Whoever stopped it knows why. */
function Stopped({ explanation, children }: { readonly explanation: Explanation; readonly children: ReactNode }) {
  return (
    <div className="ending">
      <p>{explanation.title}</p>
      {children}
    </div>
  );
}
