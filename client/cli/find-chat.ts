import { codeOf } from '../index.ts';
import type { Attachment, ChatClient } from '../index.ts';
import type { Chat } from '../../shared/chat.ts';
import { firstWords } from '../../shared/text.ts';
import { chooseApp, listApps } from './apps.ts';
import { Refused } from './ending.ts';
import type { SessionOptions } from './session-options.ts';

/** The chat to go on in; null when a new one is wanted. Errors: `Refused`. */
export async function findChat(client: ChatClient, options: SessionOptions): Promise<Chat | null> {
  const chosen = Object.entries({ chat: options.chat, last: options.last, app: options.app });
  const names = chosen.filter(([, value]) => value !== undefined).map(([name]) => `--${name}`);
  if (names.length > 1) throw new Refused(`expected one of --chat, --last and --app, got ${names.join(' and ')}`);
  if (options.chat !== undefined) return namedChat(client, options.chat);
  if (!options.last) return null;
  const [chat] = (await client.api.chat.list.query({ limit: 1 })).chats;
  if (!chat) throw new Refused('--last: there is no chat yet; leave the option out to begin one');
  return chat;
}

/** The chat of this id. Errors: `Refused` for one that does not exist or is no id. */
export async function namedChat(client: ChatClient, chatId: string): Promise<Chat> {
  try {
    return (await client.api.chat.get.query({ chatId })).chat;
  } catch (error) {
    const code = codeOf(error);
    if (code !== 'NOT_FOUND' && code !== 'INVALID_INPUT') throw error;
    throw new Refused(`${code}: ${(error as Error).message}; switchboard chats lists those that there are`);
  }
}

/** Who answers in a new chat; undefined for the server's default. Errors: `Refused`. */
export async function findApp(client: ChatClient, wanted: string | undefined): Promise<Chat['app'] | undefined> {
  return wanted === undefined ? undefined : chooseApp(await listApps(client), wanted, '--app').app;
}

interface FirstMessage {
  readonly text: string;
  readonly attachments: readonly Attachment[];
}

/** A new chat, called by the first words of its first message, or the name of its first file. */
export function createChat(
  client: ChatClient,
  { text, attachments }: FirstMessage,
  app: Chat['app'] | undefined,
): Promise<Chat> {
  const draftTitle = firstWords(text) || firstWords(attachments[0]?.name ?? '');
  return client.api.chat.create.mutate({ draftTitle, ...(app && { app }) });
}
