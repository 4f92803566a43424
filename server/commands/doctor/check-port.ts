import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Config } from '../../config.ts';
import { switchboardAt, urlOf, whyNotListening } from '../../listening.ts';
import { ok, problemOf } from './finding.ts';
import type { Finding } from './finding.ts';

/** `running`: where a Switchboard answers; null when none does. */
export async function checkPort({ host, port }: Config): Promise<{ finding: Finding; running: string | null }> {
  if (port === 0) return { finding: ok('port', '0, which takes a free one'), running: null };
  const error = await tryListening(host, port);
  if (error === null) return { finding: ok('port', `${port} is free`), running: null };
  const url = urlOf(host, port);
  const version = await switchboardAt(url);
  if (version !== null) return { finding: ok('port', `Switchboard ${version} answers at ${url}`), running: url };
  return { finding: problemOf('port', await whyNotListening(error, host, port)), running: null };
}

async function tryListening(host: string, port: number): Promise<unknown> {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
    return null;
  } catch (error) {
    return error;
  } finally {
    server.close();
  }
}
