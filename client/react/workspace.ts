import type { ChatClient } from '../index.ts';
import type { Chat } from '../../shared/chat.ts';
import type { WatchedChat, WatchEvent } from '../../shared/watch.ts';
import { SharedCatalog } from './catalog.ts';
import { ChatChanges } from './chat-changes.ts';
import { ChatMarks } from './chat-marks.ts';
import { ChatLists } from './chat-lists.ts';
import { OpenChats } from './open-chats.ts';
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
  readonly #around: Surroundings;
  readonly #marks = new ChatMarks();
  readonly #mounted = new Usage(() => this.#close());

  constructor(client: ChatClient, around: Surroundings = surroundings) {
    this.client = client;
    this.#around = around;
    this.openChats = new OpenChats(client, {
      onChat: (chat) => this.#onChat(chat),
      onDeleted: (chatId) => this.#onDeleted(chatId),
    });
    this.lists = new ChatLists(
      {
        client,
        live: (chatId) => this.openChats.live(chatId),
        notice: (chat) => {
          this.#marks.list({ chat, status: chat.status, unread: chat.unread });
          this.#readIfSeen(chat.id);
        },
        isUnread: (chatId) => this.#marks.isUnread(chatId) && !this.openChats.isShown(chatId),
        statusOf: (chat) => this.#marks.statusOf(chat),
      },
      (event) => this.#onEvent(event),
      around,
    );
    this.catalog = new SharedCatalog(client, around);
    this.changes = new ChatChanges(client, {
      onChanged: (chat) => this.lists.change(chat),
      onRemoved: (chatId) => this.#onDeleted(chatId),
      send: (chatId, text, attachments) => this.openChats.use(chatId).send(text, attachments && { attachments }),
    });
  }

  /** A provider is mounted. Returns what ends that; with the last one everything that is open is closed. */
  mount(): () => void {
    return this.#mounted.begin();
  }

  /** What the server tells while a list is shown. Kinds that are not known here are skipped. */
  #onEvent(event: WatchEvent): void {
    if (event.type === 'chats.deleted') this.#onDeleted(event.chatId);
    if (event.type === 'chats.changed') this.#tell([event]);
    if (event.type !== 'chats.snapshot') return;
    this.#marks.begin();
    this.#tell(event.chats);
    // What was deleted before it is not told.
    this.lists.each((list) => list.reload());
  }

  #tell(entries: readonly WatchedChat[]): void {
    for (const entry of entries) {
      this.#marks.tell(entry);
      // The stream of an open one tells more, and sooner.
      if (!this.openChats.live(entry.chat.id)) this.lists.each((list) => list.tell(entry.chat));
      this.#readIfSeen(entry.chat.id);
    }
    this.lists.each((list) => list.update());
  }

  #onChat(chat: Chat): void {
    this.lists.each((list) => list.show(chat));
    this.#readIfSeen(chat.id);
  }

  /** Tells the server that somebody sees the chat and what was answered in it. */
  #readIfSeen(chatId: string): void {
    const chat = this.openChats.live(chatId);
    const isSeen = this.openChats.isShown(chatId) && this.#around.isVisible();
    if (!isSeen || chat?.activeRunId !== null || !this.#marks.isNews(chat)) return;
    this.#marks.read(chat);
    this.lists.each((list) => list.update());
    this.client.api.chat.markRead.mutate({ chatId }).catch(() => this.#marks.unread(chat));
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
