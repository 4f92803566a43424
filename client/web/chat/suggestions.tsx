import type { Part } from '../../../shared/message.ts';
import { GuideQuestions } from '../start/guide-questions.tsx';

interface SuggestionsProps {
  readonly parts: readonly Part[];
  readonly onAsk: (question: string) => void;
}

/** What the person may ask next, under the newest answer. */
export function Suggestions({ parts, onAsk }: SuggestionsProps) {
  const questions = parts.flatMap((part) => (part.type === 'suggestions' ? part.items : []));
  return questions.length > 0 && <GuideQuestions label="What to ask next" questions={questions} onTake={onAsk} />;
}
