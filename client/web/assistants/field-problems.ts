import { problemOf } from '../ui/attempt.ts';

const fields = [
  'name',
  'description',
  'prompt',
  'model',
  'parameters',
  'tools',
  'limits',
  'guideWord',
  'guideQuestions',
] as const;
type Field = (typeof fields)[number];

/** What is wrong with each field, and with none of them in particular. */
export type FieldProblems = Readonly<Partial<Record<Field | 'all', string>>>;

/** Where the server's words belong: it names each field before what is wrong with it, one after the other. */
export function fieldProblemsOf(reason: unknown): FieldProblems {
  const problems: Partial<Record<Field | 'all', string>> = {};
  let at: Field | 'all' = 'all';
  for (const piece of problemOf(reason).split('; ')) {
    const path = /^[\w.]+(?=: )/.exec(piece)?.[0];
    const field = fields.find((name) => name === path?.split('.')[0]);
    at = field ?? at;
    const words = field && path ? piece.slice(path.length + 2) : piece;
    problems[at] = problems[at] === undefined ? words : `${problems[at]}; ${words}`;
  }
  return problems;
}
