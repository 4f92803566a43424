interface GuideQuestionsProps {
  readonly label?: string;
  readonly questions: readonly string[];
  /** Asks the question; where something has been written already it is added to that instead. */
  readonly onTake: (question: string) => void;
}

/** The place is kept while the assistant that is chosen has none, so that nothing jumps. */
export function GuideQuestions({ label = 'Questions to start with', questions, onTake }: GuideQuestionsProps) {
  return (
    <ul className="questions" aria-label={label}>
      {questions.map((question) => (
        <li key={question}>
          <button type="button" className="quiet" onClick={() => onTake(question)}>
            {question}
          </button>
        </li>
      ))}
    </ul>
  );
}
