/** A tool that a model wants called, in its own words: nobody has checked that there is such a tool, or the arguments. */
export interface ModelCall {
  readonly name: string;
  /** What it gave as arguments; the text of them where that is no JSON. */
  readonly input: unknown;
  readonly isJson: boolean;
}

/** Adds the call that a finished block of an answer is, if it is one. */
export function noteCall(block: Readonly<Record<string, unknown>>, calls: ModelCall[]): void {
  const { type, name, args } = block;
  if (type !== 'tool_call' && type !== 'invalid_tool_call') return;
  // Some models send nothing at all where a tool takes no arguments.
  const isEmpty = args === '' || args === undefined || args === null;
  calls.push({
    name: typeof name === 'string' ? name : '',
    input: isEmpty ? {} : args,
    isJson: isEmpty || type === 'tool_call',
  });
}
