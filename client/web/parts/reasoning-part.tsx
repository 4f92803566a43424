import { useState } from 'react';
import { AnswerText } from '../markdown/answer-text.tsx';

interface ReasoningPartProps {
  readonly text: string;
  readonly isGrowing: boolean;
}

/** Folded away until somebody wants to read it; until then it is not drawn either. */
export function ReasoningPart({ text, isGrowing }: ReasoningPartProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="reasoning" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <span className={isGrowing ? 'at-work' : undefined}>{isGrowing ? 'Reasoning…' : 'Reasoning'}</span>
      </summary>
      {isOpen && <AnswerText text={text} isGrowing={isGrowing} />}
    </details>
  );
}
