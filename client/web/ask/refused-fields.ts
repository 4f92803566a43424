import type { FormField } from './form-fields.ts';

/** The name of no field: for what is wrong with the answer as a whole. */
export const wholeAnswer = '';

/** What is wrong with each field, by its name. */
export type Mistakes = Readonly<Record<string, string>>;

/** Where the server's words belong: it names each value before what is wrong with it, one after the other. */
export function mistakesOf(problem: string, fields: readonly FormField[]): Mistakes {
  const pieces: Record<string, string[]> = {};
  for (const piece of problem.split('; ')) {
    const field = fields.find(({ name }) => piece.startsWith(`value.${name}: `) || piece.startsWith(`value.${name}.`));
    const words = field ? piece.slice('value.'.length + field.name.length).replace(/^: /, '') : piece;
    (pieces[field?.name ?? wholeAnswer] ??= []).push(words);
  }
  return Object.fromEntries(Object.entries(pieces).map(([name, words]) => [name, `Not answered: ${words.join('; ')}`]));
}
