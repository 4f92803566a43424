import type { ChatClient } from '../index.ts';
import type { App, Chat } from '../../shared/chat.ts';
import type { ChatId } from '../../shared/ids.ts';
import { newId } from '../../shared/new-id.ts';

export interface NewChat {
  /** Made here when absent. Name the same one again to repeat a try whose outcome you do not know: it makes nothing twice. */
  readonly chatId?: string;
  /** What answers; the server's default assistant when absent. */
  readonly app?: App;
  readonly title?: string;
  /** Its first message, sent once the chat is there; what becomes of it is told by `useChat`, not by the promise. */
  readonly text?: string;
}

interface ChangesObserver {
  onChanged(chat: Chat): void;
  onRemoved(chatId: string): void;
  send(chatId: string, text: string): Promise<unknown>;
}

/** What can be done to chats as wholes. All resolve when the server has done it, and reject with its typed error. */
export class ChatChanges {
  readonly #api: ChatClient['api'];
  readonly #observer: ChangesObserver;

  constructor({ api }: Pick<ChatClient, 'api'>, observer: ChangesObserver) {
    this.#api = api;
    this.#observer = observer;
  }

  readonly create = async ({ text, chatId = newId<ChatId>(), ...options }: NewChat = {}): Promise<Chat> => {
    const chat = await this.#api.chat.create.mutate({ ...options, chatId });
    this.#observer.onChanged(chat);
    if (text !== undefined) this.#observer.send(chat.id, text).catch(() => {});
    return chat;
  };

  readonly rename = async (chatId: string, title: string): Promise<void> => {
    this.#observer.onChanged(await this.#api.chat.rename.mutate({ chatId, title }));
  };

  readonly archive = async (chatId: string, archived: boolean): Promise<void> => {
    this.#observer.onChanged(await this.#api.chat.archive.mutate({ chatId, archived }));
  };

  readonly remove = async (chatId: string): Promise<void> => {
    await this.#api.chat.delete.mutate({ chatId });
    this.#observer.onRemoved(chatId);
  };
}
