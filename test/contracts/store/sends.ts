import { describe, expect, it } from 'vitest';
import { type MessageId } from '../../../shared/ids.ts';
import { newId } from '../../../shared/new-id.ts';
import { limits } from '../../../shared/limits.ts';
import { sql } from 'drizzle-orm';
import { completed, editorId, newUser, startedOf, TestChat, typesOf } from '../../helpers/store-chat.ts';
import type { StoreUnderTest } from '../store.ts';

export function describeSends({ open }: StoreUnderTest): void {
  describe('sends', () => {
    it('[STO-4] a message in an idle chat is recorded and starts, as entries in the order of a turn', async () => {
      const { store, clock } = open();
      const chat = await TestChat.create(store);
      const result = await chat.send('hello');
      const { run, userId, userMessage, message, attempt } = startedOf(result);
      const now = clock.iso();

      expect(result).toMatchObject({ disposition: 'started', seq: 1, runId: run.id, messageId: userMessage.id });
      expect({ userId, attempt }).toEqual({ userId: chat.userId, attempt: 1 });
      const app = { kind: 'assistant', id: '01930000-0000-7000-8000-000000000001' };
      const queued = { id: run.id, chatId: chat.id, app, status: 'queued', userMessageId: userMessage.id };
      const asQueued = { ...queued, messageId: null, text: 'hello', createdAt: now };
      expect(run).toEqual({ ...asQueued, appVersion: 1, status: 'running', messageId: message.id, startedAt: now });
      const base = { chatId: chat.id, runId: run.id, createdAt: now };
      const parts = [{ type: 'text', text: 'hello' }];
      expect(userMessage).toEqual({
        ...base,
        id: userMessage.id,
        parentId: null,
        role: 'user',
        status: 'completed',
        parts,
      });
      expect(message).toEqual({
        ...base,
        id: message.id,
        parentId: userMessage.id,
        role: 'assistant',
        status: 'streaming',
        parts: [],
      });
      expect(result.entries).toEqual([
        { seq: 1, event: { type: 'run.queued', run: asQueued } },
        { seq: 2, event: { type: 'message.added', message: userMessage } },
        { seq: 3, event: { type: 'run.started', run } },
        { seq: 4, event: { type: 'message.added', message } },
      ]);
    });

    it('[STO-4] the next message follows the answer before it', async () => {
      const chat = await TestChat.create(open().store);
      const first = await chat.turn('one', 'two');
      const second = await chat.start('three');
      expect(second.userMessage.parentId).toBe(first.message.id);
      expect((await chat.state()).chat.leafMessageId).toBe(second.message.id);
    });

    it('[STO-3] a repeated send answers with the first run, whatever became of it', async () => {
      const chat = await TestChat.create(open().store);
      const first = await chat.send('hello');
      const request = { messageId: first.messageId };
      const { messageId, runId, seq } = first;
      const again = { entries: [], messageId, runId, seq, disposition: 'duplicate' };
      expect(await chat.send('hello', request)).toEqual(again);
      await chat.store.finish(completed(startedOf(first), 'hi'));
      expect(await chat.send('hello', { ...request, onBusy: 'reject', mayStart: false })).toEqual(again);
      expect((await chat.log()).length).toBe(6);
    });

    it('[STO-3] a repeated send of a message that waits answers with its run too', async () => {
      const chat = await TestChat.create(open().store);
      await chat.send('one');
      const waiting = await chat.send('two');
      const again = await chat.send('two', { messageId: waiting.messageId });
      expect(again).toMatchObject({ disposition: 'duplicate', runId: waiting.runId, seq: waiting.seq, entries: [] });
    });

    it('[STO-3] the same id with other text is refused', async () => {
      const chat = await TestChat.create(open().store);
      const { messageId } = await chat.send('hello');
      await expect(chat.send('other', { messageId })).rejects.toMatchObject({ code: 'CONFLICT_DUPLICATE' });
    });

    it('[STO-3] the id of an answer is refused, so that no queued message can get stuck on it', async () => {
      const chat = await TestChat.create(open().store);
      const { message } = await chat.start('hello');
      await expect(chat.send('hello', { messageId: message.id })).rejects.toMatchObject({ code: 'CONFLICT_DUPLICATE' });
    });

    it('[STO-11] an id counts in its chat only: elsewhere it is free, and says nothing', async () => {
      const { store } = open();
      const [mine, other] = [await TestChat.create(store), await TestChat.create(store, { userId: newUser() })];
      const first = await mine.send('hello');
      const second = await other.send('something else', { messageId: first.messageId });
      expect(second.disposition).toBe('started');
      expect(second.runId).not.toBe(first.runId);
      expect((await mine.view()).messages[0]?.parts).toEqual([{ type: 'text', text: 'hello' }]);
    });

    it('[STO-5] messages that come while a run is active wait in the order in which they came', async () => {
      const chat = await TestChat.create(open().store);
      await chat.send('one');
      const two = await chat.send('two');
      const three = await chat.send('three');
      expect(two).toMatchObject({ disposition: 'queued', interrupts: null, seq: 5 });
      expect(typesOf(two)).toEqual(['run.queued']);
      const { queue, activeRun } = await chat.state();
      expect(queue.map(({ id }) => id)).toEqual([two.runId, three.runId]);
      expect(activeRun?.text).toBe('one');
      expect((await chat.view()).messages.length).toBe(2);
    });

    it('[STO-5] a message waits in an idle chat while nothing may start, and others then wait behind it', async () => {
      const chat = await TestChat.create(open().store);
      const first = await chat.send('one', { mayStart: false });
      const second = await chat.send('two');
      expect([first.disposition, second.disposition]).toEqual(['queued', 'queued']);
      expect((await chat.state()).queue.map(({ text }) => text)).toEqual(['one', 'two']);
    });

    it('[STO-6] reject is refused with the active run, and by one that waits when none is active', async () => {
      const chat = await TestChat.create(open().store);
      const active = await chat.start('one');
      const busy = (activeRunId: string) => ({ code: 'CONFLICT_BUSY', details: { activeRunId } });
      await expect(chat.send('two', { onBusy: 'reject' })).rejects.toMatchObject(busy(active.run.id));
      await chat.store.finish(completed(active, ''));
      const waiting = await chat.send('three', { mayStart: false });
      await expect(chat.send('four', { onBusy: 'reject' })).rejects.toMatchObject(busy(waiting.runId));
      expect((await chat.state()).queue.length).toBe(1);
    });

    it('[STO-6] reject starts in an idle chat', async () => {
      const chat = await TestChat.create(open().store);
      expect((await chat.send('one', { onBusy: 'reject' })).disposition).toBe('started');
    });

    it('[STO-7] interrupt goes first and records the stop of the active run with it', async () => {
      const chat = await TestChat.create(open().store);
      const active = await chat.start('one');
      const two = await chat.send('two');
      const three = await chat.send('three', { onBusy: 'interrupt' });
      const four = await chat.send('four', { onBusy: 'interrupt' });
      expect(three).toMatchObject({ disposition: 'queued', interrupts: active.run.id });
      expect(typesOf(three)).toEqual(['run.queued', 'queue.changed']);
      expect(three.seq).toBe(three.entries[0]?.seq);
      const { queue } = await chat.state();
      expect(queue.map(({ id }) => id)).toEqual([four.runId, three.runId, two.runId]);
      expect(four.entries[1]?.event).toEqual({ type: 'queue.changed', queue });
      await chat.store.recover();
      const [, answer] = (await chat.view()).messages;
      expect(answer?.status).toBe('stopped');
    });

    it('[STO-7] interrupt with nobody else waiting says nothing about the queue', async () => {
      const chat = await TestChat.create(open().store);
      await chat.start('one');
      expect(typesOf(await chat.send('two', { onBusy: 'interrupt' }))).toEqual(['run.queued']);
    });

    it('[STO-7] interrupt with nothing active starts in an idle chat and goes first in a waiting one', async () => {
      const chat = await TestChat.create(open().store);
      const one = await chat.send('one', { mayStart: false });
      const two = await chat.send('two', { onBusy: 'interrupt' });
      expect(two).toMatchObject({ disposition: 'queued', interrupts: null });
      expect((await chat.state()).queue.map(({ id }) => id)).toEqual([two.runId, one.runId]);
      const idle = await TestChat.create(open().store);
      expect((await idle.send('three', { onBusy: 'interrupt' })).disposition).toBe('started');
    });

    it('[STO-8] one message more than the queue may hold is refused, and a repeat is still answered', async () => {
      const chat = await TestChat.create(open().store);
      await chat.send('active');
      let last: MessageId = newId();
      for (let count = 0; count < limits.queueLength; count += 1) {
        last = newId();
        await chat.send('waits', { messageId: last });
      }
      const full = { code: 'QUEUE_FULL', details: { limit: limits.queueLength } };
      await expect(chat.send('too many')).rejects.toMatchObject(full);
      await expect(chat.send('too many', { onBusy: 'interrupt' })).rejects.toMatchObject(full);
      expect((await chat.send('waits', { messageId: last })).disposition).toBe('duplicate');
    });

    it('[STO-8] messages that wait have at most so much text together, but one may always wait', async () => {
      const chat = await TestChat.create(open().store);
      await chat.send('active');
      const text = 'x'.repeat(limits.messageText);
      await chat.send(text);
      await chat.send(text);
      await expect(chat.send('x')).rejects.toMatchObject({ code: 'QUEUE_FULL', details: { limit: limits.queueText } });
    });

    it('[STO-9] nothing can be sent to an app that was taken out of circulation', async () => {
      const { store, db } = open();
      const chat = await TestChat.create(store, { app: { kind: 'assistant', id: editorId } });
      const first = await chat.send('one', { mayStart: false });
      await db.execute(sql`update switchboard.assistants set published = false where id = ${editorId}`);
      try {
        await expect(chat.send('two')).rejects.toMatchObject({ code: 'APP_UNPUBLISHED' });
        expect((await chat.send('one', { messageId: first.messageId })).disposition).toBe('duplicate');
      } finally {
        await db.execute(sql`update switchboard.assistants set published = true where id = ${editorId}`);
      }
    });

    it('[STO-1] nothing can be sent to a chat that is missing or another user’s', async () => {
      const { store } = open();
      const foreign = new TestChat(store, newUser());
      await expect(foreign.send('hello')).rejects.toMatchObject({
        code: 'NOT_FOUND',
        message: 'There is no such chat.',
      });
      const chat = await TestChat.create(store);
      const request = {
        chatId: chat.id,
        messageId: newId<MessageId>(),
        text: 'x',
        onBusy: 'queue',
        mayStart: true,
      } as const;
      await expect(store.send(newUser(), request)).rejects.toMatchObject({
        code: 'NOT_FOUND',
        message: 'There is no such chat.',
      });
    });

    it('[STO-25] any text comes back as it was sent', async () => {
      const chat = await TestChat.create(open().store);
      const text = 'quotes \' " \\ \\u0041 $1 %s \n\t\u0001 \u{1F600} é 中 \u2028 {"a":[1]} null';
      const { userMessage } = await chat.start(text);
      expect((await chat.view()).messages[0]).toEqual(userMessage);
      expect((await chat.state()).activeRun?.text).toBe(text);
      expect(userMessage.parts).toEqual([{ type: 'text', text }]);
    });
  });
}
