import { ConnectError } from '../../db/connect-error.ts';
import { ConfigError, readConfig } from '../config.ts';
import { createServer } from '../index.ts';
import type { Server } from '../index.ts';

/**
 * Starts the server as the environment says and stops it at a signal. Prints one line when it is ready; what keeps it
 * from starting is one line too, with exit code 1.
 */
export async function serve(env: NodeJS.ProcessEnv): Promise<void> {
  const server = await start(env);
  if (!server) return;
  const stop = () => void stopServer(server);
  // `on`, not `once`: npm and a process group send the same signal twice, and the second must change nothing.
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.stdout.write(`Switchboard is ready at ${server.url} (${describe(server.defaultModel)})\n`);
}

async function start(env: NodeJS.ProcessEnv): Promise<Server | null> {
  try {
    return await createServer(readConfig(env));
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof ConnectError)) throw error;
    process.stderr.write(`Switchboard cannot start.\n${error.message}\n`);
    process.exitCode = 1;
    return null;
  }
}

async function stopServer(server: Server): Promise<void> {
  await server.drain();
  await server.close();
  process.exit(0);
}

function describe(model: string): string {
  return model.startsWith('demo:')
    ? 'a built-in demo answers: set OPENAI_API_KEY to connect a model'
    : `${model} answers`;
}
