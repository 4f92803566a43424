import { describe, expect, it } from 'vitest';
import { newId } from '../../../shared/new-id.ts';
import { ShareId } from '../../../shared/ids.ts';
import { completed, newUser, TestChat } from '../../helpers/store-chat.ts';
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
