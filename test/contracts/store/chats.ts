import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import type { Chat } from '../../../shared/chat.ts';
import { type AppId, type ChatId } from '../../../shared/ids.ts';
import { newId } from '../../../shared/new-id.ts';
import { assistantId, completed, editorId, newUser, TestChat, workflowId } from '../../helpers/store-chat.ts';
import type { StoreUnderTest } from '../store.ts';

export function describeChats({ open }: StoreUnderTest): void {
  describe('chats', () => {
    it('[STO-2] a chat begins empty, with the default assistant where no app is named', async () => {
      const { store, clock } = open();
      const chatId = newId<ChatId>();
      const created = await store.createChat(newUser(), { chatId, app: null, title: null, debug: false });
      const now = clock.iso();
      expect(created).toEqual({
        id: chatId,
        title: null,
        app: { kind: 'assistant', id: assistantId },
        activeRunId: null,
        leafMessageId: null,
        createdAt: now,
        updatedAt: now,
        archivedAt: null,
      });
    });

    it('[STO-2] a repeated id returns the chat that exists, to its owner only', async () => {
      const { store } = open();
      const userId = newUser();
      const request = { chatId: newId<ChatId>(), app: null, title: 'First', debug: false };
      const first = await store.createChat(userId, request);
      expect(await store.createChat(userId, { ...request, title: 'Second' })).toEqual(first);
      await expect(store.createChat(newUser(), request)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      const many = await Promise.all(
        Array.from({ length: 20 }, () => store.createChat(userId, { ...request, chatId: newId() })),
      );
      expect(new Set(many.map(({ id }) => id)).size).toBe(20);
    });

    it('[STO-2] twenty creations of one id at once make one chat', async () => {
      const { store } = open();
      const userId = newUser();
      const request = { chatId: newId<ChatId>(), app: null, title: null, debug: false };
      const made = await Promise.all(Array.from({ length: 20 }, () => store.createChat(userId, request)));
      expect(new Set(made.map((chat) => JSON.stringify(chat))).size).toBe(1);
    });

    it('[STO-2] an unknown app is NOT_FOUND, one that is not published APP_UNPUBLISHED', async () => {
      const { store, db } = open();
      const create = (kind: 'assistant' | 'workflow', id: AppId) =>
        store.createChat(newUser(), { chatId: newId(), app: { kind, id }, title: null, debug: false });
      await expect(create('assistant', newId<AppId>())).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(create('workflow', assistantId)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      expect((await create('workflow', workflowId)).app).toEqual({ kind: 'workflow', id: workflowId });
      await db.execute(sql`update switchboard.assistants set published = false where id = ${editorId}`);
      try {
        await expect(create('assistant', editorId)).rejects.toMatchObject({ code: 'APP_UNPUBLISHED' });
      } finally {
        await db.execute(sql`update switchboard.assistants set published = true where id = ${editorId}`);
      }
    });

    it('[STO-1] every question about a chat is NOT_FOUND for anybody but its owner', async () => {
      const { store } = open();
      const chat = await TestChat.create(store);
      const nobody = newUser();
      const questions = (chatId: ChatId) => [
        () => store.chat(nobody, chatId),
        () => store.place(nobody, chatId),
        () => store.view(nobody, chatId),
        () => store.history(nobody, chatId, { limit: 5 }),
        () => store.rename(nobody, chatId, 'mine'),
        () => store.archive(nobody, chatId, true),
        () => store.deleteChat(nobody, chatId),
        () => store.requestStop(nobody, chatId, undefined),
      ];
      for (const ask of [...questions(chat.id), ...questions(newId<ChatId>())]) {
        await expect(ask()).rejects.toMatchObject({ code: 'NOT_FOUND', message: 'There is no such chat.' });
      }
      expect((await chat.state()).chat.title).toBeNull();
    });

    it('[STO-20] the list is last active first, in pages that neither repeat nor miss a chat, at equal times too', async () => {
      const { store, clock } = open();
      const userId = newUser();
      const made = [];
      for (let count = 0; count < 7; count += 1) {
        clock.held = count > 2 && count < 6;
        made.push(await TestChat.create(store, { userId, title: `Chat ${count}` }));
      }
      clock.held = false;
      await made[1]?.start('wakes it up');
      const whole = await store.chats(userId, { limit: 100 });
      expect(whole.nextCursor).toBeNull();
      expect(whole.chats[0]?.id).toBe(made[1]?.id);
      const order = (a: Chat, b: Chat) => b.updatedAt.localeCompare(a.updatedAt) || b.id.localeCompare(a.id);
      expect(whole.chats).toEqual([...whole.chats].sort(order));
      expect(await pagesOf((cursor) => store.chats(userId, { limit: 2, cursor }))).toEqual(whole.chats);
    });

    it('[STO-20] the list has neither chats of others nor ones for trying out, and shows archived ones only when asked', async () => {
      const { store } = open();
      const userId = newUser();
      const [open_, archived] = [await TestChat.create(store, { userId }), await TestChat.create(store, { userId })];
      await TestChat.create(store, { userId, debug: true });
      await TestChat.create(store);
      await store.archive(userId, archived.id, true);
      const ids = async (flag?: boolean) =>
        (await store.chats(userId, { limit: 9, archived: flag })).chats.map(({ id }) => id);
      expect(await ids()).toEqual([open_.id]);
      expect(await ids(false)).toEqual([open_.id]);
      expect(await ids(true)).toEqual([archived.id]);
    });

    it('[STO-20] words are found anywhere in the title, in any case, and mean only themselves', async () => {
      const { store } = open();
      const userId = newUser();
      const titles = ['Ünder 100% sure', 'snake_case', String.raw`back\slash`, 'UNDER the hood'];
      for (const title of titles) await TestChat.create(store, { userId, title });
      await TestChat.create(store, { userId });
      const found = async (search: string) =>
        (await store.chats(userId, { limit: 9, search })).chats.map(({ title }) => title);
      expect(await found('under')).toEqual(['UNDER the hood']);
      expect(await found('ünder')).toEqual(['Ünder 100% sure']);
      expect(await found('%')).toEqual(['Ünder 100% sure']);
      expect(await found('_')).toEqual(['snake_case']);
      expect(await found('\\')).toEqual([String.raw`back\slash`]);
      expect(await found("'; drop table chats; --")).toEqual([]);
    });

    it('[STO-37] the list tells of each chat whether something goes on in it and whether an answer is unread', async () => {
      const { store } = open();
      const userId = newUser();
      const chat = await TestChat.create(store, { userId });
      const told = async () => {
        const [listed] = (await store.chats(userId, { limit: 1 })).chats;
        return listed && [listed.status, listed.unread];
      };
      expect(await told()).toEqual(['idle', false]);
      const started = await chat.start('one');
      expect(await told()).toEqual(['running', false]);
      await store.finish(completed(started, 'two'));
      expect(await told()).toEqual(['idle', true]);
      await store.markRead(userId, chat.id);
      expect(await told()).toEqual(['idle', false]);
      await store.rename(userId, chat.id, 'Other');
      expect(await told()).toEqual(['idle', false]);
    });

    it('[STO-21] a new title is stored and told', async () => {
      const { store, clock } = open();
      const chat = await TestChat.create(store);
      const { chat: renamed, entries } = await store.rename(chat.userId, chat.id, 'Title');
      expect(renamed).toMatchObject({ title: 'Title', updatedAt: clock.iso() });
      expect(entries).toEqual([{ seq: 1, event: { type: 'chat.updated', chat: renamed } }]);
      expect((await chat.state()).chat).toEqual(renamed);
      expect(await store.rename(chat.userId, chat.id, 'Title')).toEqual({ chat: renamed, entries: [] });
    });

    it('[STO-21] a chat is archived and taken back', async () => {
      const { store, clock } = open();
      const chat = await TestChat.create(store);
      const first = await store.archive(chat.userId, chat.id, true);
      const now = clock.iso();
      expect(first.chat).toMatchObject({ archivedAt: now, updatedAt: now });
      expect(await store.archive(chat.userId, chat.id, true)).toEqual({ chat: first.chat, entries: [] });
      const back = await store.archive(chat.userId, chat.id, false);
      expect(back.chat.archivedAt).toBeNull();
      expect(back.entries).toEqual([{ seq: 2, event: { type: 'chat.updated', chat: back.chat } }]);
    });

    it('[STO-22] a deleted chat takes everything of it along and names the run that has to be stopped', async () => {
      const { store, countOfChat } = open();
      const chat = await TestChat.create(store);
      await chat.turn('one', 'two');
      const { run } = await chat.start('three');
      await chat.send('four');
      expect(await store.deleteChat(chat.userId, chat.id)).toEqual({
        activeRunId: run.id,
        entries: [{ seq: 12, event: { type: 'chat.deleted', chatId: chat.id } }],
      });
      await expect(chat.state()).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(store.deleteChat(chat.userId, chat.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      expect(await chat.log()).toEqual([]);
      for (const table of ['messages', 'runs', 'chat_events']) expect(await countOfChat(table, chat.id)).toBe(0);
    });

    it('[STO-22] a run of a deleted chat can neither be recorded nor finished', async () => {
      const chat = await TestChat.create(open().store);
      const started = await chat.start('one');
      await chat.store.deleteChat(chat.userId, chat.id);
      const { run, attempt } = started;
      await chat.store.record([
        { runId: run.id, attempt, seq: 1, part: 0, content: { kind: 'text', offset: 0, text: 'x' } },
      ]);
      expect(await chat.store.finish(completed(started, 'late'))).toBeNull();
    });
  });
}

/** All pages after one another. */
async function pagesOf(
  page: (cursor: string | undefined) => Promise<{ chats: Chat[]; nextCursor: string | null }>,
): Promise<Chat[]> {
  const found: Chat[] = [];
  let cursor: string | undefined;
  do {
    const { chats, nextCursor } = await page(cursor);
    found.push(...chats);
    cursor = nextCursor ?? undefined;
  } while (cursor !== undefined);
  return found;
}
