import { useEffect, useMemo, useState } from 'react';
import { useClient } from '../../react.tsx';
import { limits } from '../../../shared/limits.ts';
import { problemOf } from '../ui/attempt.ts';
import { readJson } from './json-places.ts';
import type { ReadText } from './json-places.ts';
import { placedMistake, placedProblems } from './placed-problems.ts';
import type { PlacedProblem } from './placed-problems.ts';

/** Milliseconds of quiet after which the server is asked: nobody reads what is wrong with half a word. */
const quietMs = 400;

export interface Checked {
  /** Null where the text is no JSON. */
  readonly read: ReadText | null;
  /** At their lines. Those of the text as it was last checked, until the next answer. */
  readonly problems: readonly PlacedProblem[];
  /** Problems that there are besides these. */
  readonly more: number;
  /** Whether these are the problems of the text as it is now. */
  readonly isChecked: boolean;
  /** Why it could not be checked. */
  readonly trouble: string | null;
}

interface Answer {
  readonly text: string;
  readonly problems: readonly PlacedProblem[];
  readonly more: number;
  readonly trouble: string | null;
}

/** What is wrong with a definition while it is written: as JSON at once, as a workflow as soon as the server has looked at it. */
export function useProblems(text: string): Checked {
  const { api } = useClient();
  const read = useMemo(() => readJson(text), [text]);
  const broken = useMemo(
    () => ('mistake' in read ? placedMistake(read) : text.length > limits.workflowDefinition ? tooLarge(read) : null),
    [read, text],
  );
  const [answer, setAnswer] = useState<Answer>({ text: '', problems: [], more: 0, trouble: null });
  useEffect(() => {
    if ('mistake' in read || broken) return undefined;
    let isWanted = true;
    const tell = (next: Omit<Answer, 'text'>): void => {
      if (isWanted) setAnswer({ text, ...next });
    };
    const timer = setTimeout(() => {
      api.workflow.validate.mutate({ definition: read.value }).then(
        ({ problems, more }) => tell({ problems: placedProblems(problems, read), more, trouble: null }),
        (reason: unknown) => tell({ problems: [], more: 0, trouble: problemOf(reason) }),
      );
    }, quietMs);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [api, read, broken, text]);

  if ('mistake' in read || broken)
    return { read: null, problems: broken ? [broken] : [], more: 0, isChecked: true, trouble: null };
  return { ...answer, read, isChecked: answer.text === text };
}

/** The server does not take it, and hangs up on one that is much larger. */
function tooLarge({ value }: ReadText): PlacedProblem | null {
  const most = limits.workflowDefinition;
  const { length } = JSON.stringify(value);
  if (length <= most) return null;
  return { line: 1, nodeId: null, message: `expected at most ${most} characters as JSON, got ${length}` };
}
