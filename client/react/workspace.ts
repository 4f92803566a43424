import type { ChatClient } from '../index.ts';
import type { Chat } from '../../shared/chat.ts';
import { SharedCatalog } from './catalog.ts';
import { ChatChanges } from './chat-changes.ts';
import { ChatLists } from './chat-lists.ts';
import { OpenChats } from './open-chats.ts';
import { ReadMarks } from './read-marks.ts';
import { surroundings } from './surroundings.ts';
import type { Surroundings } from './surroundings.ts';
import { Usage } from './usage.ts';

/** Everything that the components of one client share. Making it opens and asks nothing. */
export class Workspace {
  readonly client: ChatClient;
  readonly openChats: OpenChats;
  readonly lists: ChatLists;
  readonly catalog: SharedCatalog;
  readonly changes: ChatChanges;
  readonly #marks = new ReadMarks(() => this.lists.each((list) => list.update()));
  readonly #mounted = new Usage(() => this.#close());

  constructor(client: ChatClient, around: Surroundings = surroundings) {
    this.client = client;
    this.openChats = new OpenChats(client, {
      onChat: (chat, isShown) => this.#onChat(chat, isShown),
      onDeleted: (chatId) => this.#onDeleted(chatId),
    });
    this.lists = new ChatLists(
      {
        client,
        live: (chatId) => this.openChats.live(chatId),
        notice: (chat) => this.#marks.notice(chat),
        isUnread: (chatId) => this.#marks.isUnread(chatId),
      },
      around,
    );
    this.catalog = new SharedCatalog(client, around);
    this.changes = new ChatChanges(client, {
      onChanged: (chat) => this.lists.change(chat),
      onRemoved: (chatId) => this.#onDeleted(chatId),
      send: (chatId, text) => this.openChats.use(chatId).send(text),
    });
  }

  /** A provider is mounted. Returns what ends that; with the last one everything that is open is closed. */
  mount(): () => void {
    return this.#mounted.begin();
  }

  #onChat(chat: Chat, isShown: boolean): void {
    if (isShown) this.#marks.look(chat);
    else this.#marks.notice(chat);
    this.lists.each((list) => list.show(chat));
  }

  #onDeleted(chatId: string): void {
    this.#marks.forget(chatId);
    this.lists.each((list) => list.remove(chatId));
  }

  #close(): void {
    this.openChats.closeAll();
    this.lists.closeAll();
    this.catalog.close();
  }
}

const workspaces = new WeakMap<ChatClient, Workspace>();

/** The client's one workspace, so that two providers of one client share their streams too. */
export function workspaceOf(client: ChatClient): Workspace {
  const known = workspaces.get(client);
  if (known) return known;
  const workspace = new Workspace(client);
  workspaces.set(client, workspace);
  return workspace;
}
