import type { Store } from '../db/store.ts';
import type { Chat } from '../shared/chat.ts';
import { SwitchboardError, unreachable } from '../shared/errors.ts';
import type { ChatId, UserId } from '../shared/ids.ts';
import type { ExportFormat } from '../shared/inputs.ts';
import { limits } from '../shared/limits.ts';
import type { Message } from '../shared/message.ts';
import { chatAsMarkdown } from './chat-markdown.ts';

/** A chat as a file. */
export interface ExportedChat {
  readonly name: string;
  readonly mediaType: string;
  readonly text: string;
}

/**
 * The chat with all messages of the branch that is shown. Errors: `NOT_FOUND`; `TOO_LARGE` past `exportText`, which
 * `chat.history` can still be asked for page by page.
 */
export async function exportChat(
  store: Pick<Store, 'chat' | 'history'>,
  userId: UserId,
  chatId: ChatId,
  format: ExportFormat,
): Promise<ExportedChat> {
  const { chat } = await store.chat(userId, chatId);
  const messages = await allMessages(store, userId, chatId);
  const name = fileName(chat);
  switch (format) {
    case 'markdown':
      return { name: `${name}.md`, mediaType: 'text/markdown', text: chatAsMarkdown(chat, messages) };
    case 'json':
      return { name: `${name}.json`, mediaType: 'application/json', text: JSON.stringify({ chat, messages }, null, 2) };
    default:
      return unreachable(format);
  }
}

/** Oldest first. */
async function allMessages(store: Pick<Store, 'history'>, userId: UserId, chatId: ChatId): Promise<Message[]> {
  const pages: Message[][] = [];
  let size = 0;
  let cursor: string | undefined;
  do {
    const page = await store.history(userId, chatId, { cursor, limit: limits.pageEntries });
    size += page.messages.reduce((sum, { parts }) => sum + JSON.stringify(parts).length, 0);
    if (size > limits.exportText) throw tooLarge();
    pages.unshift(page.messages);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return pages.flat();
}

function tooLarge(): SwitchboardError {
  const message = `the chat has more than ${limits.exportText} characters; read it page by page with chat.history`;
  return new SwitchboardError('TOO_LARGE', message, { details: { limit: limits.exportText } });
}

/** What every file system takes. */
function fileName({ title, createdAt }: Chat): string {
  const words = (title ?? '')
    .match(/[\p{L}\p{N}]+/gu)
    ?.join('-')
    .slice(0, 60);
  return words || `chat-${createdAt.slice(0, 10)}`;
}
