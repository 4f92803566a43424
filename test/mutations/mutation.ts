/** One way of breaking our own code, and the tests that have to notice. */
export interface Mutation {
  /** What is broken, in a few words. */
  readonly name: string;
  /** From the project's top. */
  readonly file: string;
  /** A text that stands exactly once in the file, and what takes its place. */
  readonly from: string;
  readonly to: string;
  /** Arguments of `vitest run`: quick files, narrowed by `-t` where they are not. */
  readonly tests: readonly string[];
}

/** Errors: the text is not there, or more than once, so that the mutation no longer says what it breaks. */
export function mutate(text: string, { name, file, from, to }: Mutation): string {
  const found = text.split(from).length - 1;
  if (found === 1) return text.replace(from, () => to);
  const short = JSON.stringify(from.slice(0, 100));
  throw new Error(
    `mutation “${name}”: expected ${short} once in ${file}, found it ${found} times; adapt the mutation to the code`,
  );
}
