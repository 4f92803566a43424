import type { Command } from 'commander';
import { createChatClient } from '../index.ts';
import type { ChatClient } from '../index.ts';
import type { Chat } from '../../shared/chat.ts';
import { NoServer, Refused } from './ending.ts';
import { notice } from './terminal.ts';
import type { Terminal } from './terminal.ts';

export interface SessionOptions {
  readonly url: string;
  readonly token?: string;
  /** The chat to go on in; absent: a new one. */
  readonly chat?: string;
  /** Who answers in a new chat: id or name of an assistant or a workflow. */
  readonly app?: string;
  readonly reasoning?: boolean;
}

/** Milliseconds in which the server has to be there at the start. */
const connectMs = 2_000;

/** Milliseconds that a lost server is waited for. A restart takes seconds; a script must not hang for ever. */
const lostMs = 60_000;

/** The options that `ask` and `chat` share. */
export function addSessionOptions(command: Command): Command {
  const url = process.env['SWITCHBOARD_URL'] ?? 'http://127.0.0.1:3000';
  const token = process.env['SWITCHBOARD_TOKEN'];
  return command
    .option('--url <url>', 'the server (SWITCHBOARD_URL)', url)
    .option('--token <token>', 'who you are, where the server asks (SWITCHBOARD_TOKEN)')
    .option('--chat <id>', 'go on in this chat')
    .option('--app <id or name>', 'the assistant or workflow that answers in a new chat')
    .option('--reasoning', 'show the reasoning on stderr, also where that is no terminal')
    .hook('preAction', (_, action) => {
      // Not as a default: `--help` would print it.
      if (token !== undefined && action.opts()['token'] === undefined) action.setOptionValue('token', token);
    });
}

/** Connects, or throws `NoServer` or `Refused` within two seconds. */
export async function connect(options: SessionOptions): Promise<ChatClient> {
  const { url, token } = options;
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
  throw new NoServer(`No Switchboard server answers at ${url}. Start one with: npm start`);
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
export function watchConnection(client: ChatClient, terminal: Terminal): { gone: AbortSignal; stop: () => void } {
  const gone = new AbortController();
  let late: ReturnType<typeof setTimeout> | undefined;
  const unsubscribe = client.connection.subscribe(() => {
    const { status } = client.connection.get();
    if (status === 'waiting' && late === undefined) {
      notice(terminal, 'connection lost, trying again …');
      late = setTimeout(() => gone.abort(new NoServer('The server has been away for a minute.')), lostMs);
    } else if (status === 'open' && late !== undefined) {
      notice(terminal, 'connected again');
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

/** The chat to talk in: the one that was named, or a new one. */
export async function findChat(client: ChatClient, options: SessionOptions): Promise<Chat> {
  if (options.chat !== undefined) return (await client.api.chat.get.query({ chatId: options.chat })).chat;
  return client.api.chat.create.mutate(options.app === undefined ? {} : { app: await findApp(client, options.app) });
}

async function findApp(client: ChatClient, wanted: string): Promise<Chat['app']> {
  const [{ assistants }, { workflows }] = await Promise.all([
    client.api.assistant.list.query({ limit: 100 }),
    client.api.workflow.list.query({ limit: 100 }),
  ]);
  const apps = [
    ...assistants.map(({ id, name }) => ({ kind: 'assistant' as const, id, name })),
    ...workflows.map(({ id, name }) => ({ kind: 'workflow' as const, id, name })),
  ];
  const same = (text: string): boolean => text.toLowerCase() === wanted.toLowerCase();
  const found = apps.find(({ id, name }) => same(id) || same(name));
  if (found) return { kind: found.kind, id: found.id };
  const names = apps.map(({ name }) => name).join(', ');
  throw new Refused(`--app: expected an assistant or workflow (${names}), got ${JSON.stringify(wanted)}`);
}
