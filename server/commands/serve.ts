import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ConnectError } from '../../db/connect-error.ts';
import { ConfigError, readConfig } from '../config.ts';
import type { Config } from '../config.ts';
import { doubtfulDefault } from '../handlers/doubtful-default.ts';
import { createServer } from '../index.ts';
import type { Server } from '../index.ts';
import { switchboardAt, urlOf } from '../listening.ts';
import { pageFolder } from '../page-folder.ts';
import { Stopping } from './stopping.ts';

/**
 * Starts the server as the environment says and stops it at a signal. Prints one line when it is ready; what keeps it
 * from starting is one line too, with exit code 1.
 */
export async function serve(env: NodeJS.ProcessEnv): Promise<void> {
  const started = await start(env);
  if (!started) return;
  const { server, config } = started;
  const stopping = new Stopping({
    server,
    drainSeconds: config.drainSeconds,
    now: () => performance.now(),
    tell: (words) => void process.stderr.write(`${words}\n`),
    exit: (code) => process.exit(code),
  });
  process.on('SIGTERM', () => stopping.signal('SIGTERM'));
  process.on('SIGINT', () => stopping.signal('SIGINT'));
  process.stdout.write(`Switchboard is ready at ${server.url} (${describe(server)})\n`);
  for (const warning of warningsOf(server, config)) process.stderr.write(`${warning}\n`);
}

async function start(env: NodeJS.ProcessEnv): Promise<{ server: Server; config: Config } | null> {
  let config: Config | undefined;
  try {
    config = readConfig(env);
    return { server: await createServer(config), config };
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof ConnectError)) throw error;
    const known = error instanceof ConnectError && config ? await otherServer(config) : '';
    process.stderr.write(`Switchboard cannot start.\n${error.message}\n${known}`);
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

/** Whoever cannot have the database may be looking for the server that has it. */
async function otherServer({ host, port }: Config): Promise<string> {
  const url = urlOf(host, port);
  return (await switchboardAt(url)) === null ? '' : `A Switchboard is running already: ${url}\n`;
}

/** What starts all the same, and may not be what was wanted. */
export function warningsOf(
  { defaultModel }: Pick<Server, 'defaultModel'>,
  config: Config,
  page = pageFolder,
): string[] {
  const warnings: string[] = [];
  const doubt = doubtfulDefault(config, defaultModel);
  if (doubt) warnings.push(`${doubt.found}; ${doubt.fix}, and start again.`);
  if (!existsSync(join(page, 'index.html')))
    warnings.push('The page is not built, so that a browser finds none; build it with npm run build, and start again.');
  return warnings;
}
