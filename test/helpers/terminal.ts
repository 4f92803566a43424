import { PassThrough } from 'node:stream';
import { Command } from 'commander';
import { vi } from 'vitest';
import { addClientCommands } from '../../client/cli/commands.ts';

/** A `switchboard` command at a terminal that the test types into, in this process. */
export interface AtTerminal {
  readonly printed: { stdout: string; stderr: string; screen: string };
  /** The exit code. */
  readonly ended: Promise<number>;
  type(text: string): void;
  endInput(): void;
  /** Ctrl-C where no prompt reads it. */
  interrupt(): void;
  /** Resolves when this stands in what was printed; `screen` is both streams in their order. */
  sees(stream: 'stdout' | 'stderr' | 'screen', text: string): Promise<void>;
}

export const ctrlC = '\u0003';
export const ctrlD = '\u0004';

export function atTerminal(args: readonly string[]): AtTerminal {
  const tty = () => Object.assign(new PassThrough(), { isTTY: true });
  const [stdin, stdout, stderr] = [tty(), tty(), tty()];
  const printed = { stdout: '', stderr: '', screen: '' };
  for (const [name, stream] of Object.entries({ stdout, stderr })) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed[name as 'stdout' | 'stderr'] += text;
      printed.screen += text;
    });
  }
  const exit = Promise.withResolvers<number>();
  const listeners = new Set<() => void>();
  const onInterrupt = (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  const program = new Command();
  addClientCommands(program, { stdin, stdout, stderr, onInterrupt, exit: exit.resolve });
  void program.parseAsync(['node', 'switchboard', ...args]);
  return {
    printed,
    ended: exit.promise,
    type: (text) => void stdin.write(text),
    endInput: () => void stdin.end(),
    interrupt: () => listeners.forEach((listener) => listener()),
    async sees(stream, text) {
      const isThere = vi.waitUntil(() => printed[stream].includes(text), { interval: 5, timeout: 10_000 });
      await isThere.catch(() => {
        throw new Error(`expected ${JSON.stringify(text)} in ${JSON.stringify(printed[stream])}`);
      });
    },
  };
}
