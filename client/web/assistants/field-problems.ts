import { problemOf } from '../ui/attempt.ts';

import { wrongNumbers } from './form-values.ts';
import type { FormValues } from './form-values.ts';

const fields = [
  'name',
  'description',
  'avatar',
  'prompt',
  'model',
  'temperature',
  'topP',
  'maxOutputTokens',
  'tools',
  'limits',
  'guideWord',
  'guideQuestions',
] as const;
type Field = (typeof fields)[number];

/** What is wrong with each field, and with none of them in particular. */
export type FieldProblems = Readonly<Partial<Record<Field | 'all', string>>>;

/** What the form knows to be wrong before the server is asked. */
export function ownProblemsOf(values: FormValues): FieldProblems {
  const told = wrongNumbers(values).map((name) => [name === 'steps' ? 'limits' : name, 'expected a number or nothing']);
  return Object.fromEntries(told) as FieldProblems;
}

/** Where the server's words belong: it names each field before what is wrong with it, one after the other. */
export function fieldProblemsOf(reason: unknown): FieldProblems {
  const problems: Partial<Record<Field | 'all', string>> = {};
  let at: Field | 'all' = 'all';
  for (const piece of problemOf(reason).split('; ')) {
    const path = /^[\w.]+(?=: )/.exec(piece)?.[0];
    const field = path === undefined ? undefined : fieldAt(path);
    at = field ?? at;
    const words = field && path ? piece.slice(path.length + 2) : piece;
    problems[at] = problems[at] === undefined ? words : `${problems[at]}; ${words}`;
  }
  return problems;
}

/** Parameters have a field each. */
function fieldAt(path: string): Field | undefined {
  const [first, second = 'temperature'] = path.split('.');
  const wanted = first === 'parameters' ? second : first;
  return fields.find((name) => name === wanted);
}
