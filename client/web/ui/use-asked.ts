import { useCallback, useEffect, useRef, useState } from 'react';
import { problemOf } from './attempt.ts';

export interface Asked<Value> {
  /** Null until the first answer. */
  readonly value: Value | null;
  /** Why the newest question failed. */
  readonly problem: string | null;
  readonly ask: () => void;
}

/** What a question is answered, asked once and whenever somebody wants. */
export function useAsked<Value>(question: () => Promise<Value>): Asked<Value> {
  const [value, setValue] = useState<Value | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  /** Only the answer to the newest question counts. */
  const newest = useRef<object | null>(null);
  const ask = useCallback((): void => {
    const asked = {};
    newest.current = asked;
    question().then(
      (answer) => {
        if (newest.current !== asked) return;
        setValue(answer);
        setProblem(null);
      },
      (reason: unknown) => newest.current === asked && setProblem(problemOf(reason)),
    );
  }, [question]);
  useEffect(() => {
    ask();
    return () => {
      newest.current = null;
    };
  }, [ask]);
  return { value, problem, ask };
}
