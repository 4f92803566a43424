import { describe, expect, it } from 'vitest';
import type { Change } from '../../../db/store.ts';
import { limits } from '../../../shared/limits.ts';
import type { Message } from '../../../shared/message.ts';
import { completed, foldAll, startedOf, TestChat, textSlice } from '../../helpers/store-chat.ts';
import type { StoreUnderTest } from '../store.ts';
import { sqlAssistantStore } from '../../../db/sql-assistant-store.ts';
import { sqlWorkflowStore } from '../../../db/sql-workflow-store.ts';

export function describeViews({ open }: StoreUnderTest): void {
  describe('views', () => {
    it('[STO-17] the entries of every change, folded into the view before, give the view after', async () => {
      const { store } = open();
      const chat = await TestChat.create(store, { title: 'A' });
      const before = await chat.view();
      const changes: (Change | null)[] = [];
      const check = async (change: Change | null) => {
        changes.push(change);
        expect(foldAll(before, changes)).toEqual(await chat.view());
      };
      const first = await chat.send('one');
      await check(first);
      const second = await chat.send('two');
      await check(second);
      await check(await store.rename(chat.userId, chat.id, 'B'));
      const third = await chat.send('three', { onBusy: 'interrupt' });
      await check(third);
      await check(await chat.send('four', { onBusy: 'interrupt' }));
      await check(await store.requestStop(chat.userId, chat.id, third.runId));
      const { runId } = second;
      await check(await store.editQueued(chat.userId, { chatId: chat.id, runId, text: 'edited' }));
      const fifth = await chat.send('five');
      await check(fifth);
      await check(await store.moveQueued(chat.userId, { chatId: chat.id, runId: fifth.runId, before: runId }));
      await check(await store.withdraw(chat.userId, chat.id, fifth.runId));
      await check(await store.requestStop(chat.userId, chat.id, undefined));
      await check(await store.resumeQueue(chat.userId, chat.id));
      await check(await store.finish({ ...completed(startedOf(first), 'par'), status: 'stopped' }));
      const fourth = await store.startNext(chat.id);
      await check(fourth);
      await check(await store.archive(chat.userId, chat.id, true));
      if (!fourth?.started) throw new Error('expected the fourth to start');
      const error = { code: 'MODEL_TIMEOUT', message: 'Too slow.' } as const;
      await check(await store.finish({ ...completed(fourth.started, ''), status: 'failed', error }));
      const last = await store.startNext(chat.id);
      expect(last?.started?.run.id).toBe(second.runId);
      await check(last);
      if (last?.started) await check(await store.finish(completed(last.started, 'done')));
      expect((await chat.view()).queue).toEqual([]);
    });

    it('[STO-16] the log is 1, 2, 3 … and reads back exactly what every change reported', async () => {
      const { store } = open();
      const chat = await TestChat.create(store);
      const told = [];
      const first = await chat.send('one');
      told.push(first, await chat.send('two'), await chat.send('three', { onBusy: 'interrupt' }));
      told.push(await store.rename(chat.userId, chat.id, 'Title'));
      const error = { code: 'MODEL_AUTH', message: 'No key.' } as const;
      const usage = { inputTokens: 1, outputTokens: 2, source: 'estimated' } as const;
      told.push(
        await store.finish({ ...completed(startedOf(first), 'half'), status: 'failed', error, usage, model: 'a:b' }),
      );
      const next = await store.startNext(chat.id);
      told.push(next);
      if (next?.started) told.push(await store.finish(completed(next.started, 'whole')));
      told.push(await store.archive(chat.userId, chat.id, true));

      const entries = told.flatMap((change) => change?.entries ?? []);
      expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
      expect(await chat.log()).toEqual(entries);
      expect(await store.place(chat.userId, chat.id)).toEqual({ seq: entries.length, suspended: null });
      expect(await chat.log(3, 4)).toEqual(entries.slice(3, 7));
      expect(await chat.log(entries.length)).toEqual([]);
      expect((await store.view(chat.userId, chat.id)).seq).toBe(entries.length);
      expect((await chat.state()).seq).toBe(entries.length);
    });

    it('[STO-19] history is newest page first, oldest message first, and every page follows the one before', async () => {
      const chat = await TestChat.create(open().store);
      for (let turn = 0; turn < 5; turn += 1) await chat.turn(`question ${turn}`, `answer ${turn}`);
      const { messages: whole } = await chat.store.history(chat.userId, chat.id, { limit: 100 });
      expect(whole.map(textOf)).toEqual(Array.from({ length: 5 }, (_, i) => [`question ${i}`, `answer ${i}`]).flat());
      const { pages, found } = await historyOf(chat, 3, undefined);
      expect(found).toEqual(whole);
      expect(pages).toBe(4);
      expect((await chat.store.history(chat.userId, chat.id, { limit: 10 })).nextCursor).toBeNull();
    });

    it('[STO-19] a cursor that no page gave is refused by its name', async () => {
      const { store } = open();
      const chat = await TestChat.create(store);
      await chat.turn('one', 'two');
      await TestChat.create(store, { userId: chat.userId });
      const foreign = (await store.chats(chat.userId, { limit: 1 })).nextCursor ?? '';
      expect(foreign).not.toBe('');
      for (const cursor of ['', 'nonsense', 'aDk5OTk5OTk5OTk5OTk5', foreign, `${foreign}=`]) {
        const refused = { code: 'INVALID_INPUT', message: expect.stringMatching(/^cursor: /) as string };
        await expect(store.history(chat.userId, chat.id, { limit: 1, cursor })).rejects.toMatchObject(refused);
      }
      const page = { limit: 1, cursor: 'nonsense' };
      for (const refused of [
        () => store.chats(chat.userId, page),
        () => sqlAssistantStore(open().db).assistants(chat.userId, page),
        () => sqlWorkflowStore(open().db).workflows(chat.userId, page),
      ]) {
        await expect(refused()).rejects.toMatchObject({ code: 'INVALID_INPUT' });
      }
    });

    it('[STO-18] a view has the newest messages, and its cursor goes on exactly before them', async () => {
      const chat = await TestChat.create(open().store);
      for (let turn = 0; turn < limits.pageMessages / 2 + 2; turn += 1) await chat.turn(`q${turn}`, `a${turn}`);
      const view = await chat.view();
      expect(view.messages.length).toBe(limits.pageMessages);
      expect(view.messages.map(textOf)[0]).toBe('q2');
      const { found } = await historyOf(chat, 100, view.nextCursor ?? 'none');
      expect(found.map(textOf)).toEqual(['q0', 'a0', 'q1', 'a1']);
    });

    it('[STO-18] a view of long messages stays below the bytes of a snapshot', async () => {
      const chat = await TestChat.create(open().store);
      const long = 'ä"\\'.repeat(8_000);
      for (let turn = 0; turn < 8; turn += 1) await chat.turn(`q${turn}`, long);
      const view = await chat.view();
      const bytes = Buffer.byteLength(JSON.stringify(view.messages));
      expect(bytes).toBeLessThanOrEqual(limits.snapshotBytes);
      expect(bytes).toBeGreaterThan(limits.snapshotBytes - 2 * Buffer.byteLength(JSON.stringify(long)));
      const { found } = await historyOf(chat, 100, view.nextCursor ?? 'none');
      const { messages: whole } = await chat.store.history(chat.userId, chat.id, { limit: 100 });
      expect([...found, ...view.messages]).toEqual(whole);
    });

    it('[STO-18] the newest message is there whatever its size, a streaming one too', async () => {
      const chat = await TestChat.create(open().store);
      await chat.turn('one', 'two');
      const started = await chat.start('three');
      const huge = 'x'.repeat(limits.snapshotBytes + 1);
      await chat.store.record([textSlice(started, 1, 0, huge)]);
      const streaming = await chat.view();
      expect(streaming.messages.map(({ id }) => id)).toEqual([started.message.id]);
      expect(streaming.messages.map(textOf)).toEqual([huge]);
      await chat.store.finish(completed(started, huge));
      const view = await chat.view();
      expect(view.messages.map(textOf)).toEqual([huge]);
      expect((await historyOf(chat, 100, view.nextCursor ?? 'none')).found.map(textOf)).toEqual([
        'one',
        'two',
        'three',
      ]);
    });

    it('[STO-18] the view of an empty chat has nothing and no further page', async () => {
      const chat = await TestChat.create(open().store);
      const empty = { messages: [], nextCursor: null, activeRun: null, pendingInput: null, queue: [] };
      expect(await chat.view()).toMatchObject(empty);
    });

    it('[STO-24] what a model is told are the newest messages before this one, of this chat', async () => {
      const { store } = open();
      const [chat, other] = [await TestChat.create(store), await TestChat.create(store)];
      await chat.turn('q0', 'a0');
      await chat.turn('q1', 'a1');
      const { userMessage, message } = await chat.start('q2');
      expect((await store.messagesBefore(chat.id, userMessage.id, 3)).map(textOf)).toEqual(['a0', 'q1', 'a1']);
      expect((await store.messagesBefore(chat.id, message.id, 1)).map(textOf)).toEqual(['q2']);
      await other.turn('secret', 'secret');
      await other.start('same id', { messageId: userMessage.id });
      expect((await store.messagesBefore(chat.id, userMessage.id, 9)).map(textOf)).toEqual(['q0', 'a0', 'q1', 'a1']);
      expect(await store.messagesBefore(chat.id, chat.id as never, 9)).toEqual([]);
    });
  });
}

function textOf({ parts }: Message): string {
  return parts.map((part) => ('text' in part ? part.text : '')).join('');
}

async function historyOf(chat: TestChat, limit: number, from: string | undefined) {
  const found: Message[] = [];
  let cursor = from;
  let pages = 0;
  do {
    const page = await chat.store.history(chat.userId, chat.id, { limit, cursor });
    found.unshift(...page.messages);
    cursor = page.nextCursor ?? undefined;
    pages += 1;
  } while (cursor !== undefined);
  return { found, pages };
}
