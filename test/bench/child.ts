import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Call, Report } from './parent.ts';

/** A process that this bench started and that ends with it. */
export interface Child {
  readonly pid: number;
  /** Where it listens; empty for one that does not. */
  readonly address: string;
  /** One at a time. Rejects when the call fails or the process dies. */
  call<Result>(name: string, input?: unknown): Promise<Result>;
  readonly stop: () => Promise<void>;
}

/** Nothing of the surroundings that could change what is measured: no tracing, no keys, no proxies. */
export function cleanEnvironment(extra: Record<string, string> = {}): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...extra };
}

/** Longer than anything that a child is asked to do takes; past it something hangs. */
const deadlineMs = 120_000;

async function report(child: ChildProcess, name: string): Promise<Report> {
  const over = new AbortController();
  const { signal } = over;
  const died = once(child, 'exit', { signal }).then(([code, by]: unknown[]) => {
    throw new Error(`bench: ${name} ended (code ${String(code)}, signal ${String(by)}) where an answer was expected`);
  });
  const late = delay(deadlineMs, undefined, { signal }).then(() => {
    throw new Error(`bench: ${name} did not answer within ${deadlineMs} ms`);
  });
  try {
    const [message] = (await Promise.race([once(child, 'message', { signal }), died, late])) as [Report];
    return message;
  } finally {
    over.abort();
    died.catch(() => undefined);
    late.catch(() => undefined);
  }
}

/** Ends it the gentle way, by force after 15 s. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  if (child.connected) child.disconnect();
  else child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await gone;
  clearTimeout(force);
}

/** Starts a file of the bench on this very Node and waits until it is ready. */
export async function startChild(file: URL, env: Record<string, string>, execArgv: string[] = []): Promise<Child> {
  const name = file.pathname.split('/').at(-1) ?? '';
  const child = fork(file, { env: cleanEnvironment(env), execArgv, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const first = await report(child, name);
  if (first.type !== 'ready' || child.pid === undefined) throw new Error(`bench: ${name} did not start`);
  return {
    pid: child.pid,
    address: first.address,
    async call<Result>(call: string, input?: unknown) {
      child.send({ name: call, input } satisfies Call);
      const answer = await report(child, name);
      if (answer.type === 'result') return answer.result as Result;
      throw new Error(`bench: ${name} could not ${call}: ${answer.type === 'failed' ? answer.reason : answer.type}`);
    },
    stop: () => end(child),
  };
}
