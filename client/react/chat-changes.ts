import type { Attachment, ChatClient, CreateInput } from '../index.ts';
import type { Chat } from '../../shared/chat.ts';

export interface NewChat extends CreateInput {
  /** Its first message, sent once the chat is there; what becomes of it is told by `useChat`, not by the promise. */
  readonly text?: string;
  /** What that is sent with. */
  readonly attachments?: readonly Attachment[];
}

interface ChangesObserver {
  onChanged(chat: Chat): void;
  onRemoved(chatId: string): void;
  send(chatId: string, text: string, attachments: readonly Attachment[] | undefined): Promise<unknown>;
}

/**
 * What can be done to chats as wholes. All resolve when the server has done it, and reject with its typed error. Only a
 * creation waits for a connection that is lost: it comes before the first message of a chat, which waits as well.
 */
export class ChatChanges {
  readonly #api: ChatClient['api'];
  readonly #create: ChatClient['create'];
  readonly #observer: ChangesObserver;

  constructor({ api, create }: Pick<ChatClient, 'api' | 'create'>, observer: ChangesObserver) {
    this.#api = api;
    this.#create = create;
    this.#observer = observer;
  }

  readonly create = async ({ text, attachments, ...options }: NewChat = {}): Promise<Chat> => {
    const chat = await this.#create(options);
    this.#observer.onChanged(chat);
    if (text !== undefined) this.#observer.send(chat.id, text, attachments).catch(() => {});
    return chat;
  };

  readonly rename = async (chatId: string, title: string): Promise<void> => {
    this.#observer.onChanged(await this.#api.chat.rename.mutate({ chatId, title }));
  };

  readonly archive = async (chatId: string, archived: boolean): Promise<void> => {
    this.#observer.onChanged(await this.#api.chat.archive.mutate({ chatId, archived }));
  };

  /** Lets whoever has the id that comes back read the chat, as long as it is shared. */
  readonly share = async (chatId: string): Promise<string> => {
    const { shareId } = await this.#api.chat.share.mutate({ chatId });
    return shareId;
  };

  readonly unshare = async (chatId: string): Promise<void> => {
    this.#observer.onChanged(await this.#api.chat.unshare.mutate({ chatId }));
  };

  readonly remove = async (chatId: string): Promise<void> => {
    await this.#api.chat.delete.mutate({ chatId });
    this.#observer.onRemoved(chatId);
  };
}
