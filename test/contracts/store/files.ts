import { beforeAll, describe, expect, it } from 'vitest';
import { databaseOn } from '../../../db/connect.ts';
import type { Database } from '../../../db/connect.ts';
import type { AnsweredFiles } from '../../../db/store.ts';
import { ShareId } from '../../../shared/ids.ts';
import type { FileId } from '../../../shared/ids.ts';
import { limits } from '../../../shared/limits.ts';
import { filesOf } from '../../../shared/message.ts';
import { newId } from '../../../shared/new-id.ts';
import { asking, question } from '../../helpers/questions.ts';
import { completed, newUser, startedOf, TestChat } from '../../helpers/store-chat.ts';
import { storedFile } from '../../helpers/stored-file.ts';
import type { StoreUnderTest } from '../store.ts';

/** Whose files there are, which messages use them, and when they go. */
export function describeFiles({ open }: StoreUnderTest): void {
  describe('files', () => {
    let database: Database;
    beforeAll(() => {
      const { db, clock } = open();
      database = databaseOn({ db, close: async () => {} }, clock.read);
    });
    const sweep = async () => {
      const gone = await database.files.unused(1_000);
      await database.fileStore.delete(gone);
      await database.files.forget(gone);
      return gone;
    };
    const notFound = { code: 'NOT_FOUND' };
    const isThere = (chat: TestChat, fileId: FileId) =>
      database.files.file(chat.userId, fileId).then(
        () => true,
        () => false,
      );

    it('[FIL-1] a file is its owner’s; a foreign one, a missing one and one that is not whole are the same', async () => {
      const [ann, bob] = [newUser(), newUser()];
      const fileId = await storedFile(database, ann);
      const expected = { fileId, name: 'notes.txt', mediaType: 'text/plain', size: 10 };
      expect(await database.files.file(ann, fileId)).toEqual(expected);
      await expect(database.files.file(bob, fileId)).rejects.toMatchObject(notFound);
      await expect(database.files.complete(bob, fileId, 3)).rejects.toMatchObject(notFound);
      expect((await database.files.file(ann, fileId)).size).toBe(10);
      await expect(database.files.file(ann, newId())).rejects.toMatchObject(notFound);
      const begun = newId<FileId>();
      await database.files.begin(ann, { fileId: begun, name: 'x', mediaType: 'text/plain' });
      await expect(database.files.file(ann, begun)).rejects.toMatchObject(notFound);
      const chat = await TestChat.create(open().store, { userId: ann });
      await expect(chat.send('hello', { attachments: [begun] })).rejects.toMatchObject(notFound);
    });

    it('[FIL-2] a message has its files behind its text, or nothing but them; what handlers and logs see is the same', async () => {
      const chat = await TestChat.create(open().store);
      const first = await storedFile(database, chat.userId);
      const second = await storedFile(database, chat.userId, { name: 'cat.png', mediaType: 'image/png' });
      const started = await chat.start('look', { attachments: [second, first] });
      const files = filesOf(started.userMessage);
      expect(files.map(({ fileId }) => fileId)).toEqual([second, first]);
      expect(started.userMessage.parts).toEqual([{ type: 'text', text: 'look' }, ...files]);
      expect(files[0]).toEqual({ type: 'file', fileId: second, name: 'cat.png', mediaType: 'image/png', size: 10 });
      expect(started.run.attachments).toEqual(files);
      expect((await chat.view()).messages[0]).toEqual(started.userMessage);
      expect((await chat.log()).map(({ event }) => event)).toMatchObject([
        { type: 'run.queued', run: { attachments: files } },
        { type: 'message.added', message: { parts: started.userMessage.parts } },
        { type: 'run.started' },
        { type: 'message.added' },
      ]);
      await chat.store.finish(completed(started, 'nice'));
      const alone = await chat.start('', { attachments: [first] });
      expect(alone.userMessage.parts).toEqual([files[1]]);
    });

    it('[FIL-3] a repeated send is recognised by its files too, and a file of another user is like a missing one', async () => {
      const chat = await TestChat.create(open().store);
      const [one, other] = [await storedFile(database, chat.userId), await storedFile(database, chat.userId)];
      const foreign = await storedFile(database, newUser());
      const request = { messageId: newId<never>(), attachments: [one, other] };
      const { runId } = startedOf(await chat.send('hello', request)).message;
      expect(await chat.send('hello', request)).toMatchObject({ runId, disposition: 'duplicate' });
      for (const attachments of [[one], [other, one], [], undefined, [one, foreign]]) {
        const changed = chat.send('hello', { ...request, attachments });
        await expect(changed).rejects.toMatchObject({ code: 'CONFLICT_DUPLICATE' });
      }
      const words = async (fileId: FileId) => {
        const refused = await chat.send('x', { attachments: [one, fileId] }).catch((error: unknown) => error);
        expect(refused).toMatchObject(notFound);
        return String(refused).replace(fileId, 'ID');
      };
      expect(await words(foreign)).toBe(await words(newId()));
      expect((await chat.state()).queue).toEqual([]);
    });

    it('[FIL-4] what waits keeps its files until it starts, also when its text is edited, and is not taken by an answer', async () => {
      const chat = await TestChat.create(open().store);
      const active = await chat.start('one');
      const fileId = await storedFile(database, chat.userId);
      const sent = await chat.send('two', { attachments: [fileId], onBusy: 'steer' });
      expect((await chat.state()).queue[0]).toMatchObject({ text: 'two', attachments: [{ fileId }] });
      expect((await chat.state()).queue[0]?.steers).toBeUndefined();
      expect((await chat.store.takeSteering(active.run.id, active.attempt)).taken).toEqual([]);
      await chat.store.editQueued(chat.userId, { chatId: chat.id, runId: sent.runId, text: 'three' });
      open().clock.advance(limits.unusedFileMs * 2);
      expect(await sweep()).not.toContain(fileId);
      await chat.store.finish(completed(active, 'done'));
      const next = await chat.store.startNext(chat.id);
      expect(next?.started?.userMessage.parts).toMatchObject([{ text: 'three' }, { type: 'file', fileId }]);
    });

    describe('that answer a question', () => {
      async function waiting() {
        const chat = await TestChat.create(open().store);
        const started = await chat.start('one');
        const asked = question();
        await chat.store.suspend(asking(started, asked));
        const answer = (value: unknown, files: readonly AnsweredFiles[]) =>
          chat.store.respond(chat.userId, { chatId: chat.id, inputId: asked.id, value, files });
        return { chat, started, answer };
      }

      it('[FIL-15] are kept with the answer’s message as long as its chat is there, and the handler is told of them', async () => {
        const { chat, answer } = await waiting();
        const [one, other] = [await storedFile(database, chat.userId), await storedFile(database, chat.userId)];
        const value = { papers: [other, one], more: [one] };
        const files = [
          { field: 'papers', fileIds: [other, one] },
          { field: 'more', fileIds: [one] },
        ];
        expect(await answer(value, files)).toMatchObject({ accepted: true, entries: [{ event: { value } }] });
        open().clock.advance(limits.unusedFileMs * 2);
        const gone = await sweep();
        expect([gone.includes(one), gone.includes(other)]).toEqual([false, false]);
        // The first reply may have been lost.
        expect(await answer(value, files)).toMatchObject({ accepted: true, entries: [] });
        expect(await answer({ papers: [one] }, files)).toMatchObject({ accepted: false });
        const resumed = (await chat.store.startNext(chat.id))?.started;
        if (!resumed) throw new Error('expected the run to go on');
        const told = (fileId: FileId) => ({
          type: 'file',
          fileId,
          name: 'notes.txt',
          mediaType: 'text/plain',
          size: 10,
        });
        expect(resumed.resumed?.answers).toMatchObject([
          { value, files: { papers: [told(other), told(one)], more: [told(one)] } },
        ]);
        // The next question of the same answer may be given the same file.
        const again = question();
        await chat.store.suspend(asking(resumed, again));
        const request = { chatId: chat.id, inputId: again.id, value: { papers: [one] } };
        const repeatedly = { ...request, files: [{ field: 'papers', fileIds: [one] }] };
        expect(await chat.store.respond(chat.userId, repeatedly)).toMatchObject({ accepted: true });
        const goesOn = (await chat.store.startNext(chat.id))?.started;
        if (!goesOn) throw new Error('expected the run to go on');
        await chat.store.finish(completed(goesOn, 'done'));
        const newChatId = newId<never>();
        const messageId = goesOn.message.id;
        await chat.store.fork(chat.userId, { chatId: chat.id, messageId, newChatId, title: null });
        await chat.store.deleteChat(chat.userId, chat.id);
        await sweep();
        expect([await isThere(chat, one), await isThere(chat, other)]).toEqual([true, true]);
        await chat.store.deleteChat(chat.userId, newChatId);
        expect([await isThere(chat, one), await isThere(chat, other)]).toEqual([false, false]);
      });

      it('[FIL-16] are one’s own: a foreign and a missing one are INVALID_INPUT naming the field, and settle nothing', async () => {
        const { chat, started, answer } = await waiting();
        const own = await storedFile(database, chat.userId);
        const foreign = await storedFile(database, newUser());
        for (const fileId of [foreign, newId<FileId>()]) {
          const files = [{ field: 'papers', fileIds: [own, fileId] }];
          await expect(answer({ papers: [own, fileId] }, files)).rejects.toMatchObject({
            code: 'INVALID_INPUT',
            message: `value.papers: There is no file ${fileId}; upload it first.`,
          });
        }
        expect(await chat.state()).toMatchObject({ activeRun: { id: started.run.id, status: 'waiting' } });
        open().clock.advance(limits.unusedFileMs * 2);
        expect(await sweep()).toEqual(expect.arrayContaining([own, foreign]));
      });
    });

    it('[FIL-5] an edit keeps the files of its message, or has others; another answer and a fork see the same ones', async () => {
      const chat = await TestChat.create(open().store);
      const [one, other] = [await storedFile(database, chat.userId), await storedFile(database, chat.userId)];
      const started = await chat.start('one', { attachments: [one] });
      await chat.store.finish(completed(started, 'two'));
      const rest = { chatId: chat.id, onBusy: 'queue', mayStart: true } as const;
      const messageId = started.userMessage.id;
      const edit = async (text: string, attachments?: FileId[], newMessageId = newId<never>()) =>
        chat.store.edit(chat.userId, { ...rest, messageId, newMessageId, text, attachments });
      const again = newId<never>();
      const kept = startedOf(await edit('edited', undefined, again));
      expect(filesOf(kept.userMessage).map(({ fileId }) => fileId)).toEqual([one]);
      await chat.store.finish(completed(kept, 'three'));
      expect((await edit('edited', undefined, again)).disposition).toBe('duplicate');
      await expect(edit('edited', [other], again)).rejects.toMatchObject({ code: 'CONFLICT_DUPLICATE' });
      const changed = startedOf(await edit('again', [other]));
      expect(filesOf(changed.userMessage).map(({ fileId }) => fileId)).toEqual([other]);
      await chat.store.finish(completed(changed, 'four'));
      const without = startedOf(await edit('bare', []));
      expect(without.userMessage.parts).toEqual([{ type: 'text', text: 'bare' }]);
      await chat.store.finish(completed(without, 'five'));
      const regenerated = startedOf(
        await chat.store.regenerate(chat.userId, { ...rest, messageId, newMessageId: newId() }),
      );
      expect(regenerated.userMessage).toMatchObject({ id: messageId, parts: started.userMessage.parts });
      await chat.store.finish(completed(regenerated, 'six'));
      const newChatId = newId<never>();
      await chat.store.fork(chat.userId, { chatId: chat.id, messageId, newChatId, title: null });
      await chat.store.deleteChat(chat.userId, chat.id);
      expect([await isThere(chat, one), await isThere(chat, other)]).toEqual([true, false]);
      expect(await sweep()).not.toContain(one);
      await chat.store.deleteChat(chat.userId, newChatId);
      expect(await isThere(chat, one)).toBe(false);
      expect(await sweep()).toContain(one);
    });

    it('[FIL-6] what no message uses goes after a day, what one uses stays, and a chat takes its files along at once', async () => {
      const { clock } = open();
      const chat = await TestChat.create(open().store);
      const used = await storedFile(database, chat.userId);
      await chat.turn('first', 'answer');
      const started = await chat.start('hello', { attachments: [used] });
      await chat.store.finish(completed(started, 'hi'));
      const unused = await storedFile(database, chat.userId);
      const begun = newId<FileId>();
      await database.files.begin(chat.userId, { fileId: begun, name: 'cut', mediaType: 'text/plain' });
      clock.advance(limits.unusedFileMs / 2);
      expect(await sweep()).not.toContain(unused);
      clock.advance(limits.unusedFileMs / 2 + 1_000);
      expect(await isThere(chat, unused)).toBe(false);
      await expect(chat.send('late', { attachments: [unused] })).rejects.toMatchObject(notFound);
      const gone = await sweep();
      expect(gone).toEqual(expect.arrayContaining([unused, begun]));
      expect(gone).not.toContain(used);
      expect(await isThere(chat, used)).toBe(true);
      await chat.store.deleteChat(chat.userId, chat.id);
      expect(await isThere(chat, used)).toBe(false);
      expect(await sweep()).toContain(used);
      expect(await sweep()).toEqual([]);
    });

    it('[FIL-6] a debug chat takes its files along, and what is withdrawn leaves them for a day', async () => {
      const { clock, store } = open();
      const chat = await TestChat.create(store, { debug: true });
      const fileId = await storedFile(database, chat.userId);
      const waiting = await chat.send('hello', { attachments: [fileId], mayStart: false });
      clock.advance(limits.unusedFileMs * 2);
      await store.withdraw(chat.userId, chat.id, waiting.runId);
      expect(await isThere(chat, fileId)).toBe(true);
      expect(await sweep()).not.toContain(fileId);
      const again = await chat.send('hello', { attachments: [fileId], mayStart: false });
      await store.requestStop(chat.userId, chat.id, again.runId);
      await chat
        .send('hello', { attachments: [fileId] })
        .then(startedOf)
        .then((run) => store.finish(completed(run, 'x')));
      await store.deleteDebugChats(-1_000, 1_000);
      expect(await isThere(chat, fileId)).toBe(false);
      expect(await sweep()).toContain(fileId);
    });

    it('[FIL-6] a file that is sent while it is swept is either sent or gone', async () => {
      const { clock, store } = open();
      for (let round = 0; round < 8; round += 1) {
        const chat = await TestChat.create(store);
        const other = await TestChat.create(store, { userId: chat.userId });
        const fileId = await storedFile(database, chat.userId);
        startedOf(await other.send('hello', { attachments: [fileId] }));
        // Named by two chats, of which one goes: the sweep has to look at it.
        const sent = chat.send('hello', { attachments: [fileId] });
        const [result, , gone] = await Promise.all([
          sent.then(
            () => 'sent',
            () => 'refused',
          ),
          store.deleteChat(chat.userId, other.id),
          database.files.unused(1_000),
        ]);
        clock.advance(1_000);
        const later = await database.files.unused(1_000);
        const isGone = [...gone, ...later].includes(fileId);
        expect([result, isGone]).toEqual([result, result === 'refused']);
        await database.files.forget([...gone, ...later]);
      }
    });

    it('[FIL-7] whoever a chat is shared with reads the files of its messages, and only those, while it is', async () => {
      const chat = await TestChat.create(open().store);
      const [used, unused] = [await storedFile(database, chat.userId), await storedFile(database, chat.userId)];
      await chat.start('hello', { attachments: [used] });
      const shareId = ShareId.parse(`f${newId().replaceAll('-', '').slice(-21)}`);
      await expect(database.files.sharedFile(shareId, used)).rejects.toMatchObject(notFound);
      await chat.store.share(chat.userId, chat.id, shareId);
      expect(await database.files.sharedFile(shareId, used)).toMatchObject({ fileId: used });
      await expect(database.files.sharedFile(shareId, unused)).rejects.toMatchObject(notFound);
      await chat.store.unshare(chat.userId, chat.id);
      await expect(database.files.sharedFile(shareId, used)).rejects.toMatchObject(notFound);
    });
  });
}
