/** What a child process of the bench says to the one that started it. */
export type Report =
  | { readonly type: 'ready'; readonly address: string }
  | { readonly type: 'result'; readonly result: unknown }
  | { readonly type: 'failed'; readonly reason: string };

export interface Call {
  readonly name: string;
  readonly input: unknown;
}

function say(report: Report): void {
  process.send?.(report);
}

/**
 * Tells the parent that this process is ready at `address`, and answers its calls, one at a time. The process ends when
 * the parent lets go of it or has died, so that nothing is left running.
 */
export function serveParent(address: string, calls: Record<string, (input: unknown) => unknown> = {}): void {
  process.on('disconnect', () => process.exit(0));
  process.on('message', ({ name, input }: Call) => {
    Promise.resolve(input)
      .then(calls[name])
      .then(
        (result) => say({ type: 'result', result }),
        (error: unknown) => say({ type: 'failed', reason: error instanceof Error ? error.message : String(error) }),
      );
  });
  say({ type: 'ready', address });
}
