import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './source-files.ts';

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** `node server/main.ts`, or another command of a Node, as a process of its own, configured by nothing but these variables. */
export class ServerProcess implements AsyncDisposable {
  readonly child: ChildProcess;
  readonly exited: Promise<Exit>;
  stdout = '';
  stderr = '';

  constructor(
    env: Record<string, string>,
    command: readonly string[] = ['server/main.ts'],
    node: string = process.execPath,
  ) {
    const { PATH = '', HOME = '' } = process.env;
    this.child = spawn(node, [...command], { cwd: root, env: { PATH, HOME, PORT: '0', TITLES: 'off', ...env } });
    this.child.stdout?.on('data', (data) => (this.stdout += String(data)));
    this.child.stderr?.on('data', (data) => (this.stderr += String(data)));
    this.exited = once(this.child, 'close').then(([code, signal]) => ({ code, signal }));
  }

  /** The URL from the line that it prints when it is ready. */
  async ready(): Promise<string> {
    const gone = this.exited.then(({ code }) => {
      throw new Error(`the server ended with ${code} before it was ready:\n${this.stderr}`);
    });
    const printed = new Promise<string>((resolve) => {
      const look = () => {
        const url = /ready at (http:\/\/\S+)/.exec(this.stdout)?.[1];
        if (url) resolve(url);
      };
      this.child.stdout?.on('data', look);
      look();
    });
    return Promise.race([printed, gone]);
  }

  async stop(signal: NodeJS.Signals): Promise<Exit> {
    this.child.kill(signal);
    return this.exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) await this.stop('SIGKILL');
  }
}

export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
}

export async function temporaryFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), 'switchboard-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
