import { createChatClient } from '../index.ts';
import type { ChatClient } from '../index.ts';
import { endingOf, NoServer, Refused } from './ending.ts';
import { Screen } from './screen.ts';
import type { ServerOptions } from './session-options.ts';
import type { Terminal } from './terminal.ts';
import { whyNoAnswer } from './why-no-answer.ts';

/** What a command works with while it is connected. */
export interface Session {
  readonly client: ChatClient;
  readonly terminal: Terminal;
  readonly screen: Screen;
  /** Aborts when the server stays away for a minute, or does not accept the token. */
  readonly gone: AbortSignal;
}

/** Milliseconds in which the server has to be there at the start. */
const connectMs = 2_000;

/** Milliseconds that a lost server is waited for. A restart takes seconds; a script must not hang for ever. */
const lostMs = 60_000;

/** Connects, works and leaves. Resolves to the exit code; what is thrown becomes a line on stderr. Never rejects. */
export async function inSession(
  options: ServerOptions,
  terminal: Terminal,
  work: (session: Session) => Promise<number>,
): Promise<number> {
  const screen = new Screen(terminal);
  try {
    const client = await connect(options);
    const watch = watchConnection(client, screen);
    try {
      return await work({ client, terminal, screen, gone: watch.gone });
    } finally {
      watch.stop();
      await client.close();
    }
  } catch (error) {
    const { code, words } = endingOf(error);
    screen.notice(words);
    return code;
  }
}

/** Connects, or throws `NoServer` or `Refused` within three seconds. */
export async function connect({ url, token }: ServerOptions): Promise<ChatClient> {
  const client = create(url, token);
  const { connection } = client;
  const status = await new Promise<string>((resolve) => {
    const late = setTimeout(() => finish('waiting'), connectMs);
    const stop = connection.subscribe(() => {
      if (connection.get().status !== 'connecting') finish(connection.get().status);
    });
    function finish(status: string): void {
      clearTimeout(late);
      stop();
      resolve(status);
    }
  });
  if (status === 'open') return client;
  await client.close();
  throw await whyNoAnswer(url);
}

function create(url: string, token: string | undefined): ChatClient {
  try {
    return createChatClient(token === undefined ? { url } : { url, token });
  } catch (error) {
    throw new Refused(`--${(error as Error).message}`);
  }
}

/**
 * Tells on stderr when the connection is lost and when it is back. `gone` aborts when it stays lost for a minute, or
 * when the server does not accept the token.
 */
function watchConnection(client: ChatClient, screen: Screen): { gone: AbortSignal; stop: () => void } {
  const gone = new AbortController();
  let late: ReturnType<typeof setTimeout> | undefined;
  const unsubscribe = client.connection.subscribe(() => {
    const { status } = client.connection.get();
    if (status === 'waiting' && late === undefined) {
      screen.notice('connection lost, trying again …');
      late = setTimeout(() => gone.abort(new NoServer('The server has been away for a minute.')), lostMs);
    } else if (status === 'open' && late !== undefined) {
      screen.notice('connected again');
      clearTimeout(late);
      late = undefined;
    }
  });
  return {
    gone: gone.signal,
    stop() {
      unsubscribe();
      clearTimeout(late);
    },
  };
}
