import { z } from 'zod';

/** Milliseconds in which a program on this machine answers, or is no server of ours. */
const answerMs = 1_000;

const Info = z.object({ result: z.object({ data: z.object({ version: z.string(), protocol: z.number() }) }) });

/** What one says that asks for a token first. */
const Refusal = z.object({ error: z.object({ data: z.object({ code: z.literal('UNAUTHENTICATED') }) }) });

/**
 * The version of the Switchboard that answers at this URL, or that it tells none without a token; null when something
 * else answers, or nothing.
 */
export async function switchboardAt(url: string): Promise<string | null> {
  try {
    const response = await fetch(`${url}/trpc/server.info`, { signal: AbortSignal.timeout(answerMs) });
    const answer: unknown = await response.json();
    return Refusal.safeParse(answer).success ? '(version not told)' : Info.parse(answer).result.data.version;
  } catch {
    return null;
  }
}

/** `http://127.0.0.1:3000`, for addresses of both kinds. */
export function urlOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** What keeps a server from listening, and the fix. */
export async function whyNotListening(error: unknown, host: string, port: number): Promise<string> {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  switch (code) {
    case 'EADDRINUSE':
      return portInUse(host, port);
    case 'EACCES':
      return `PORT: this user may not listen on ${port}; set PORT to 1024 or above`;
    case 'EADDRNOTAVAIL':
      return `HOST: this machine has no address ${host}; leave HOST out, or set it to 127.0.0.1`;
    default:
      return `HOST, PORT: could not listen on ${host}:${port} (${code}); set them to others`;
  }
}

async function portInUse(host: string, port: number): Promise<string> {
  const version = await switchboardAt(urlOf(host, port));
  const who = version === null ? 'another program' : `another Switchboard (version ${version})`;
  const other = port < 65_535 ? port + 1 : port - 1;
  return `PORT: ${port} is in use by ${who}; stop that one, or set PORT to a free one, for example PORT=${other}`;
}
