import { ConnectError } from '../../db/connect-error.ts';
import { ConfigError, readConfig } from '../config.ts';
import { createServer } from '../index.ts';
import type { Server } from '../index.ts';
import { Stopping } from './stopping.ts';

/**
 * Starts the server as the environment says and stops it at a signal. Prints one line when it is ready; what keeps it
 * from starting is one line too, with exit code 1.
 */
export async function serve(env: NodeJS.ProcessEnv): Promise<void> {
  const started = await start(env);
  if (!started) return;
  const { server, drainSeconds } = started;
  const stopping = new Stopping({
    server,
    drainSeconds,
    now: () => performance.now(),
    tell: (words) => void process.stderr.write(`${words}\n`),
    exit: (code) => process.exit(code),
  });
  process.on('SIGTERM', () => stopping.signal('SIGTERM'));
  process.on('SIGINT', () => stopping.signal('SIGINT'));
  process.stdout.write(`Switchboard is ready at ${server.url} (${describe(server)})\n`);
}

async function start(env: NodeJS.ProcessEnv): Promise<{ server: Server; drainSeconds: number } | null> {
  try {
    const config = readConfig(env);
    return { server: await createServer(config), drainSeconds: config.drainSeconds };
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof ConnectError)) throw error;
    process.stderr.write(`Switchboard cannot start.\n${error.message}\n`);
    process.exitCode = 1;
    return null;
  }
}

function describe({ defaultModel, modelProblem }: Server): string {
  if (modelProblem) return `it cannot answer yet: ${modelProblem}`;
  return defaultModel.startsWith('demo:')
    ? 'a built-in demo answers: set OPENAI_API_KEY to connect a model'
    : `${defaultModel} answers`;
}
