import { describe, expect, it } from 'vitest';
import { newId } from '../../../shared/new-id.ts';
import { sqlAssistantStore } from '../../../db/sql-assistant-store.ts';
import { NewAssistantSettings } from '../../../shared/assistant-settings.ts';
import { ShareId, type AppId } from '../../../shared/ids.ts';
import { assistantId, completed, newUser, TestChat } from '../../helpers/store-chat.ts';
import type { StoreUnderTest } from '../store.ts';

const idOf = (letter: string) => ShareId.parse(`${letter.repeat(10)}${newId().replaceAll('-', '').slice(-12)}`);

/** What an owner thinks of answers, lets others read, and looks for. */
export function describeFeedback({ open }: StoreUnderTest): void {
  describe('feedback', () => {
    it('[STO-32] is stored and told, and what is not said stays', async () => {
      const chat = await TestChat.create(open().store);
      const { message } = await chat.turn('one', 'two');
      const give = (change: object) =>
        chat.store.giveFeedback(chat.userId, chat.id, { messageId: message.id, ...change });
      expect((await give({ rating: 'like' })).feedback).toEqual({ rating: 'like', copied: 0 });
      expect((await give({ comment: 'Good', copied: true })).feedback).toEqual({
        rating: 'like',
        comment: 'Good',
        copied: 1,
      });
      const last = await give({ rating: null, comment: '', copied: true });
      expect(last.feedback).toEqual({ rating: null, copied: 2 });
      expect(last.entries).toEqual([
        { seq: 9, event: { type: 'message.feedback', messageId: message.id, feedback: last.feedback } },
      ]);
      expect((await chat.view()).messages.at(-1)?.feedback).toEqual(last.feedback);
      expect((await chat.log(8)).at(-1)).toEqual(last.entries[0]);
    });

    it('[FBK-2] is counted by version of its assistant, for its owner alone, and goes with its chat', async () => {
      const { clock, db, store } = open();
      const assistants = sqlAssistantStore(db, clock.read);
      const owner = newUser();
      const id = newId<AppId>();
      const settings = NewAssistantSettings.parse({ name: 'Counted' });
      await assistants.createAssistant(owner, id, settings);
      await assistants.publishAssistant(owner, id, true);
      const read = (page: { cursor?: string; limit?: number } = {}) =>
        assistants.feedback(owner, id, { limit: 9, ...page });
      expect(await read()).toEqual({
        total: { likes: 0, dislikes: 0, comments: 0, copied: 0 },
        versions: [],
        comments: [],
        nextCursor: null,
      });
      const app = { kind: 'assistant', id } as const;
      const given = async (chat: TestChat, change: object) => {
        const { message } = await chat.turn('one', 'two');
        await chat.store.giveFeedback(chat.userId, chat.id, { messageId: message.id, ...change });
        return message.id;
      };
      const [first, second] = [await TestChat.create(store, { app }), await TestChat.create(store, { app })];
      const messageId = await given(first, { rating: 'dislike', comment: 'Too long' });
      await store.giveFeedback(first.userId, first.id, { messageId, rating: 'like', copied: true });
      const newest = await assistants.newestVersion(owner, id);
      await assistants.updateAssistant(owner, { ...newest, prompt: 'Be short.' });
      await given(second, { rating: 'dislike', comment: 'Too short', copied: true });
      await given(await TestChat.create(store), { rating: 'like' });
      const fork = new TestChat(store, first.userId);
      await store.fork(first.userId, { chatId: first.id, messageId, newChatId: fork.id, title: null });
      const copy = (await fork.view()).messages.at(-1)?.id ?? messageId;
      await store.giveFeedback(fork.userId, fork.id, { messageId: copy, copied: true });
      const all = await read();
      expect(all.total).toEqual({ likes: 1, dislikes: 1, comments: 2, copied: 3 });
      expect(all.versions).toEqual([
        { version: 2, likes: 0, dislikes: 1, comments: 1, copied: 1 },
        { version: 1, likes: 1, dislikes: 0, comments: 1, copied: 1 },
        { version: null, likes: 0, dislikes: 0, comments: 0, copied: 1 },
      ]);
      expect(all.comments).toMatchObject([
        { comment: 'Too short', rating: 'dislike', version: 2 },
        { comment: 'Too long', rating: 'like', version: 1 },
      ]);
      const page = await read({ limit: 1 });
      expect([...page.comments, ...(await read({ cursor: page.nextCursor ?? '' })).comments]).toEqual(all.comments);
      for (const [user, asked] of [
        [first.userId, id],
        [owner, assistantId],
        [owner, newId<AppId>()],
      ] as const)
        await expect(assistants.feedback(user, asked, { limit: 9 })).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await store.deleteChat(second.userId, second.id);
      expect((await read()).comments).toMatchObject([{ comment: 'Too long' }]);
    });

    it('[STO-32] is refused for what is no whole answer of the chat', async () => {
      const chat = await TestChat.create(open().store);
      const started = await chat.start('one');
      const give = (messageId: typeof started.message.id, userId = chat.userId) =>
        chat.store.giveFeedback(userId, chat.id, { messageId, rating: 'like' });
      await expect(give(started.message.id)).rejects.toMatchObject({
        code: 'CONFLICT_BUSY',
        details: { activeRunId: started.run.id },
      });
      await expect(give(started.userMessage.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(give(newId())).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await chat.store.finish(completed(started, 'two'));
      await expect(give(started.message.id, newUser())).rejects.toMatchObject({ code: 'NOT_FOUND' });
      expect((await chat.view()).messages.at(-1)?.feedback).toBeUndefined();
    });
  });

  describe('sharing', () => {
    it('[STO-33] keeps one id until it ends, and moves nothing in the list', async () => {
      const chat = await TestChat.create(open().store);
      const { updatedAt } = (await chat.state()).chat;
      const [first, second] = [idOf('a'), idOf('b')];
      const shared = await chat.store.share(chat.userId, chat.id, first);
      expect(shared.chat).toMatchObject({ shareId: first, updatedAt });
      expect(shared.entries).toEqual([{ seq: 1, event: { type: 'chat.updated', chat: shared.chat } }]);
      expect(await chat.store.share(chat.userId, chat.id, second)).toEqual({ entries: [], chat: shared.chat });
      expect(await chat.store.sharedChat(first)).toEqual({ chatId: chat.id, userId: chat.userId });
      expect(await chat.store.sharedChat(second)).toBeNull();
      const ended = await chat.store.unshare(chat.userId, chat.id);
      expect(ended.chat.shareId).toBeUndefined();
      expect((await chat.state()).chat).toEqual(ended.chat);
      expect(await chat.store.sharedChat(first)).toBeNull();
      expect((await chat.store.unshare(chat.userId, chat.id)).entries).toEqual([]);
    });

    it('[STO-33] is its owner’s to begin and to end', async () => {
      const chat = await TestChat.create(open().store);
      await expect(chat.store.share(newUser(), chat.id, idOf('a'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(chat.store.unshare(newUser(), chat.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });
  });

  describe('the search', () => {
    const found = async (chat: TestChat, search: string) =>
      (await chat.store.chats(chat.userId, { limit: 9, search })).chats.map(({ id }) => id);

    it('[STO-20] finds words of messages by their beginnings, of the user’s chats alone', async () => {
      const { store } = open();
      const chat = await TestChat.create(store);
      const other = await TestChat.create(store);
      await chat.turn('Wie heißt die Hauptstadt?', 'It is *Lisbon*, on the Tagus.');
      await other.turn('Lisbon', 'yes');
      await store.indexMessages([chat.id, other.id]);
      for (const words of ['lisb', 'HAUPTSTADT', 'tagus lisbon', "lisbon '!"])
        expect([words, await found(chat, words)]).toEqual([words, [chat.id]]);
      for (const words of ['isbon', 'lisbon madrid', "'; drop table chats; --", ':*', '&'])
        expect([words, await found(chat, words)]).toEqual([words, []]);
    });

    it('[SRC-2] tells the newest message that has the words, and a line of it with them', async () => {
      const { store } = open();
      const chat = await TestChat.create(store, { title: 'Lisbon' });
      const first = await chat.turn('Where is Lisbon?', `${'Far away. '.repeat(2_000)}LISBON is on the Tagus.`);
      await chat.turn('And Porto?', 'Further north.');
      const listed = async (search?: string) => (await store.chats(chat.userId, { limit: 9, search })).chats[0]?.found;
      expect(await listed('lisb')).toBeUndefined();
      await store.indexMessages([chat.id]);
      expect(await listed()).toBeUndefined();
      const answer = await listed('lisb');
      expect(answer).toMatchObject({ messageId: first.message.id, role: 'assistant' });
      const words = answer?.marks.map(({ offset, length }) => answer.excerpt.slice(offset, offset + length));
      expect(words).toEqual(['LISBON']);
      expect(answer?.excerpt).toMatch(/^… away\. (Far away\. )+LISBON is on the Tagus\.$/);
      expect(await listed('where lisbon')).toMatchObject({
        messageId: first.userMessage.id,
        role: 'user',
        excerpt: 'Where is Lisbon?',
        marks: [
          { offset: 0, length: 5 },
          { offset: 9, length: 6 },
        ],
      });
      expect((await listed('porto'))?.role).toBe('user');
      const other = await TestChat.create(store);
      await other.turn('Lisbon', 'yes');
      await store.indexMessages([other.id]);
      expect((await listed('lisb'))?.messageId).toBe(first.message.id);
    });

    it('[STO-34] knows what was said once a chat is at rest, and what was left', async () => {
      const { store } = open();
      const chat = await TestChat.create(store);
      await chat.turn('first', 'second');
      expect(await store.unindexed()).toContain(chat.id);
      const started = await chat.start('third');
      await store.indexMessages([chat.id]);
      expect(await found(chat, 'third')).toEqual([]);
      await store.finish(completed(started, 'fourth'));
      await store.indexMessages([chat.id]);
      for (const word of ['first', 'second', 'third', 'fourth']) expect(await found(chat, word)).toEqual([chat.id]);
      expect(await store.unindexed()).not.toContain(chat.id);
    });

    it('[STO-34] takes any text, however long and whatever its characters', async () => {
      const { store } = open();
      const chat = await TestChat.create(store);
      const different = Array.from({ length: 200_000 }, (_, index) => `w${index}`).join(' ');
      await chat.turn(`needle ${'x'.repeat(9_000)} <b> \\ ' \u{1F600} ﷽`, `start ${different}`);
      await store.indexMessages([chat.id]);
      expect(await found(chat, 'needle')).toEqual([chat.id]);
      expect(await found(chat, 'start w17')).toEqual([chat.id]);
    });
  });
}
