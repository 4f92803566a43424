import { NoServer, Refused } from './ending.ts';

/** Milliseconds that a server gets to say over HTTP why it takes no WebSocket. */
const askMs = 500;

/** Why no WebSocket opened at an address, as an error to throw: no server, another one, or one that lets nobody in. */
export async function whyNoAnswer(url: string): Promise<NoServer | Refused> {
  const found = await ask(url);
  if (found?.status === 403) return new Refused(`${url} does not let this connection in: ${found.words}`);
  if (found) {
    return new NoServer(`What answers at ${url} is no Switchboard server. Check --url, or start one with: npm start`);
  }
  return new NoServer(`No Switchboard server answers at ${url}. Start one with: npm start (or: switchboard serve)`);
}

async function ask(url: string): Promise<{ status: number; words: string } | null> {
  try {
    const address = new URL('/healthz', url.replace(/^ws/, 'http'));
    const response = await fetch(address, { signal: AbortSignal.timeout(askMs) });
    const words = await response.text();
    return { status: response.status, words: words.slice(0, 500).trim() };
  } catch {
    return null;
  }
}
