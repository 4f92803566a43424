import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { cleanEnvironment, end } from '../child.ts';
import type { RunningServer } from './roster.ts';

const entry = new URL('../../../server/main.ts', import.meta.url).pathname;

/** The server as `npm start` runs it, embedded database in a folder of its own that goes with it. */
export async function startOurs(providerUrl: string, execArgv: readonly string[]): Promise<RunningServer> {
  const folder = await mkdtemp(join(tmpdir(), 'switchboard-bench-'));
  const removeNow = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', removeNow);
  const remove = async (): Promise<void> => {
    process.off('exit', removeNow);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const server = await startIn(folder, providerUrl, { execArgv });
    const stop = async (): Promise<void> => {
      await server.stop();
      await remove();
    };
    return { ...server, stop };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** On a folder that stays, so that another one can take over; `kill` leaves it as a crash does. */
export async function startIn(
  folder: string,
  providerUrl: string,
  { execArgv = [], port = 0 }: { readonly execArgv?: readonly string[]; readonly port?: number } = {},
): Promise<RunningServer & { kill(): Promise<void> }> {
  const env = cleanEnvironment({
    PORT: String(port),
    HOST: '127.0.0.1',
    DATA_DIR: folder,
    OPENAI_BASE_URL: providerUrl,
    DEFAULT_MODEL: 'openai:bench',
    LOG_LEVEL: 'warn',
  });
  const child = spawn(process.execPath, [...execArgv, entry], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  // It does not know that the bench has died, so whoever ends the bench ends it too.
  const abandon = (): void => void child.kill('SIGKILL');
  process.once('exit', abandon);
  const stop = async (): Promise<void> => {
    await end(child);
    process.off('exit', abandon);
  };
  const kill = async (): Promise<void> => {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    process.off('exit', abandon);
  };
  const died = once(child, 'exit').then(() =>
    Promise.reject(new Error('bench: server/main.ts ended before it was ready')),
  );
  died.catch(() => undefined);
  try {
    const url = await Promise.race([firstUrl(child.stdout), died]);
    return { pid: child.pid ?? 0, url: `${url.replace('http', 'ws')}/trpc`, stop, kill };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The URL in the line that says the server is ready; what it prints after that is read and dropped. */
async function firstUrl(output: NodeJS.ReadableStream): Promise<string> {
  const lines = createInterface({ input: output });
  for await (const line of lines) {
    const match = /http:\/\/[^\s"/]+/.exec(line);
    if (match !== null) {
      output.resume();
      return match[0];
    }
  }
  throw new Error('bench: server/main.ts printed no URL');
}
