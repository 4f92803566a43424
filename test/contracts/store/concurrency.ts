import { describe, expect, it } from 'vitest';
import { type MessageId } from '../../../shared/ids.ts';
import { newId } from '../../../shared/new-id.ts';
import { completed, foldAll, newUser, TestChat, textSlice } from '../../helpers/store-chat.ts';
import type { StoreUnderTest } from '../store.ts';

export function describeConcurrency({ open }: StoreUnderTest): void {
  describe('at the same time', () => {
    it('[STO-3] a hundred identical sends make one run', async () => {
      const chat = await TestChat.create(open().store);
      const messageId = newId<MessageId>();
      const results = await Promise.all(Array.from({ length: 100 }, () => chat.send('hello', { messageId })));
      expect(new Set(results.map(({ runId, seq }) => `${runId} ${seq}`)).size).toBe(1);
      expect(results.filter(({ disposition }) => disposition === 'started').length).toBe(1);
      expect(results.filter(({ disposition }) => disposition === 'duplicate').length).toBe(99);
      expect((await chat.log()).length).toBe(4);
    });

    it('[STO-10] twenty different sends make one active run and a queue of nineteen', async () => {
      const chat = await TestChat.create(open().store);
      const before = await chat.view();
      const results = await Promise.all(Array.from({ length: 20 }, (_, index) => chat.send(`message ${index}`)));
      expect(results.filter(({ disposition }) => disposition === 'started').length).toBe(1);
      const inOrder = [...results].sort((a, b) => a.seq - b.seq);
      const { queue, activeRun } = await chat.state();
      expect([activeRun?.id, ...queue.map(({ id }) => id)]).toEqual(inOrder.map(({ runId }) => runId));
      expect(foldAll(before, inOrder)).toEqual(await chat.view());
      expect((await chat.log()).map(({ seq }) => seq)).toEqual(Array.from({ length: 23 }, (_, index) => index + 1));
    });

    it('[STO-10] ten attempts to start the next run start one', async () => {
      const chat = await TestChat.create(open().store);
      for (const text of ['one', 'two', 'three']) await chat.send(text, { mayStart: false });
      const results = await Promise.all(Array.from({ length: 10 }, () => chat.store.startNext(chat.id)));
      expect(results.filter((result) => result !== null).length).toBe(1);
      expect((await chat.state()).queue.map(({ text }) => text)).toEqual(['two', 'three']);
    });

    it('[STO-13] of an end, stops, slices, sends and a second end at once, the end happens once and the log has no hole', async () => {
      const { store, count } = open();
      for (let round = 0; round < 10; round += 1) {
        const chat = await TestChat.create(store);
        const before = await chat.view();
        const sent = await chat.send('one');
        if (sent.disposition !== 'started') throw new Error('expected the run to start');
        const { started } = sent;
        const [first, second, stop, next, third] = await Promise.all([
          store.finish(completed(started, 'answer')),
          store.finish({ ...completed(started, 'stopped'), status: 'stopped' }),
          store.requestStop(chat.userId, chat.id, started.run.id),
          chat.send('two', { onBusy: 'interrupt' }),
          chat.send('three', { onBusy: 'interrupt' }),
          store.record([textSlice(started, round, 0, 'late')]),
          store.record([textSlice(started, round + 1, 0, 'later')]),
        ]);
        expect([first, second].filter((change) => change !== null).length).toBe(1);
        const changes = [sent, first, second, stop, next, third];
        const entries = changes.flatMap((change) => change?.entries ?? []).sort((a, b) => a.seq - b.seq);
        expect(await chat.log()).toEqual(entries);
        expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
        expect(foldAll(before, [{ entries }])).toEqual(await chat.view());
        expect(await count('run_slices', started.run.id)).toBe(0);
      }
    });

    it('[STO-29] of many messages at once each starts its run or is refused by itself', async () => {
      const { store } = open();
      const chats = await Promise.all(Array.from({ length: 40 }, () => TestChat.create(store)));
      const [stranger, shy, ...others] = chats;
      if (!stranger || !shy) throw new Error('expected chats');
      const messageId = newId<MessageId>();
      const outcomes = await Promise.allSettled([
        store.send(newUser(), { chatId: stranger.id, messageId, text: 'not mine', onBusy: 'queue', mayStart: true }),
        shy.send('the database refuses \0 this'),
        // The same id in all chats: it counts in its chat only.
        ...others.map((chat) => chat.send(`to ${chat.id}`, { messageId })),
      ]);
      const [foreign, refused, ...started] = outcomes;
      expect(foreign).toMatchObject({ status: 'rejected', reason: { code: 'NOT_FOUND' } });
      expect(refused).toMatchObject({ status: 'rejected' });
      expect(started.map((outcome) => outcome.status === 'fulfilled' && outcome.value.disposition)).toEqual(
        others.map(() => 'started'),
      );
      for (const chat of others) {
        expect((await chat.view()).messages[0]?.parts).toEqual([{ type: 'text', text: `to ${chat.id}` }]);
      }
    });

    it('[STO-22] a chat that is deleted while it is written to leaves nothing behind', async () => {
      const { store, countOfChat, count } = open();
      for (let round = 0; round < 10; round += 1) {
        const chat = await TestChat.create(store);
        const started = await chat.start('one');
        const results = await Promise.allSettled([
          chat.send('two'),
          store.record([textSlice(started, 1, 0, 'x')]),
          store.deleteChat(chat.userId, chat.id),
          store.finish(completed(started, 'answer')),
          chat.send('three'),
        ]);
        const reasons = results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []));
        expect(reasons.filter((reason) => !reason.includes('There is no such chat'))).toEqual([]);
        for (const table of ['messages', 'runs', 'chat_events']) expect(await countOfChat(table, chat.id)).toBe(0);
        expect(await count('run_slices', started.run.id)).toBe(0);
      }
    });
  });
}
