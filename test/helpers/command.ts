import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';

const bin = fileURLToPath(new URL('../../server/bin.ts', import.meta.url));

/** A `switchboard` command in a process of its own; killed with its scope if it has not ended. */
export interface RunningCommand extends AsyncDisposable {
  readonly process: ChildProcess;
  /** What it has printed so far. */
  readonly printed: { stdout: string; stderr: string };
  /** The exit code. */
  readonly ended: Promise<number | null>;
  /** Resolves when this stands in what was printed. */
  sees(stream: 'stdout' | 'stderr', text: string): Promise<void>;
}

/** @param input written to stdin, which is then closed; absent: stdin stays open */
export function switchboard(args: readonly string[], input?: string): RunningCommand {
  const env = { ...process.env, SWITCHBOARD_URL: undefined, SWITCHBOARD_TOKEN: undefined };
  const child = spawn(process.execPath, [bin, ...args], { env, stdio: 'pipe' });
  const printed = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (printed.stderr += text));
  // A command that refuses what it reads goes away before it has read all of it.
  child.stdin.on('error', () => {});
  if (input !== undefined) child.stdin.end(input);
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return {
    process: child,
    printed,
    ended,
    async sees(stream, text) {
      await vi.waitUntil(() => printed[stream].includes(text), { interval: 5, timeout: 15_000 });
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
