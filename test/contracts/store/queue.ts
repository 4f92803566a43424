import { describe, expect, it } from 'vitest';
import type { Change, StartedRun } from '../../../db/store.ts';
import type { MessageId, RunId } from '../../../shared/ids.ts';
import { limits } from '../../../shared/limits.ts';
import { newId } from '../../../shared/new-id.ts';
import { completed, foldAll, newUser, startedOf, TestChat, textSlice, typesOf } from '../../helpers/store-chat.ts';
import type { StoreUnderTest } from '../store.ts';

export function describeQueue({ open }: StoreUnderTest): void {
  /** A chat in which one run is active and others wait. */
  async function busyChat(...texts: string[]) {
    const chat = await TestChat.create(open().store);
    const active = await chat.start('active');
    const waiting = [];
    for (const text of texts) waiting.push(await chat.send(text));
    return { chat, active, waiting, ids: waiting.map(({ runId }) => runId) };
  }

  const textsOf = async (chat: TestChat) => (await chat.state()).queue.map(({ text }) => text);
  const edit = (chat: TestChat, runId: RunId, text: string) =>
    chat.store.editQueued(chat.userId, { chatId: chat.id, runId, text });
  const move = (chat: TestChat, runId: RunId, before: RunId | null) =>
    chat.store.moveQueued(chat.userId, { chatId: chat.id, runId, before });
  const withdraw = (chat: TestChat, runId: RunId) => chat.store.withdraw(chat.userId, chat.id, runId);
  const resume = (chat: TestChat) => chat.store.resumeQueue(chat.userId, chat.id);
  const stop = (chat: TestChat, runId?: RunId) => chat.store.requestStop(chat.userId, chat.id, runId);
  const take = (chat: TestChat, { run, attempt }: StartedRun) => chat.store.takeSteering(run.id, attempt);
  const isPaused = async (chat: TestChat) => (await chat.state()).chat.queuePaused === true;

  describe('the queue', () => {
    it('[QUE-1] a waiting message is edited and told with the whole queue, and answered as it then is', async () => {
      const { chat, active, waiting, ids } = await busyChat('one', 'two');
      const [one, two] = ids as [RunId, RunId];
      const edited = await edit(chat, one, 'better');
      const { queue } = await chat.state();
      expect(queue.map(({ id, text }) => [id, text])).toEqual([
        [one, 'better'],
        [two, 'two'],
      ]);
      expect(edited).toEqual({
        entries: [{ seq: expect.any(Number), event: { type: 'queue.changed', queue } }],
        queue,
      });
      expect((await edit(chat, one, 'better')).entries).toEqual([]);
      const { messageId = newId<MessageId>(), runId, seq } = waiting[0] ?? {};
      expect(await chat.send('one', { messageId })).toMatchObject({ disposition: 'duplicate', runId, seq });
      await expect(chat.send('better', { messageId })).rejects.toMatchObject({ code: 'CONFLICT_DUPLICATE' });
      await edit(chat, one, 'best');
      await chat.store.finish(completed(active, 'answer'));
      const next = await chat.store.startNext(chat.id);
      expect(next?.started?.userMessage.parts).toEqual([{ type: 'text', text: 'best' }]);
      expect(await chat.send('one', { messageId })).toMatchObject({ disposition: 'duplicate' });
    });

    it('[QUE-1] an edit keeps to the limit of the queue’s text', async () => {
      const { chat, ids } = await busyChat('x'.repeat(limits.messageText), 'two', 'three');
      await edit(chat, ids[1] as RunId, 'y'.repeat(limits.queueText - limits.messageText - 5));
      const full = { code: 'QUEUE_FULL', details: { limit: limits.queueText } };
      await expect(edit(chat, ids[2] as RunId, 'longer')).rejects.toMatchObject(full);
      expect((await textsOf(chat))[2]).toBe('three');
    });

    it('[QUE-2] a waiting run is moved before another or behind all, and starts in that order', async () => {
      const { chat, active, ids } = await busyChat('a', 'b', 'c');
      const [a, b, c] = ids as [RunId, RunId, RunId];
      const moved = await move(chat, c, a);
      expect(typesOf(moved)).toEqual(['queue.changed']);
      expect(moved.queue).toEqual((await chat.state()).queue);
      expect(await textsOf(chat)).toEqual(['c', 'a', 'b']);
      await move(chat, c, b);
      expect(await textsOf(chat)).toEqual(['a', 'c', 'b']);
      await move(chat, a, null);
      expect(await textsOf(chat)).toEqual(['c', 'b', 'a']);
      for (const same of [await move(chat, a, null), await move(chat, c, b), await move(chat, b, b)])
        expect(same.entries).toEqual([]);
      await chat.send('d');
      await chat.send('first', { onBusy: 'interrupt' });
      expect(await textsOf(chat)).toEqual(['first', 'c', 'b', 'a', 'd']);
      await chat.store.finish(completed(active, ''));
      expect((await chat.store.startNext(chat.id))?.started?.run.text).toBe('first');
    });

    it('[QUE-3] a withdrawn run ends as one that is stopped', async () => {
      const { chat, ids } = await busyChat('a', 'b');
      const [a, b] = ids as [RunId, RunId];
      const { entries, queue } = await withdraw(chat, a);
      expect(entries.map(({ event }) => event)).toEqual([{ type: 'run.ended', runId: a, status: 'stopped' }]);
      expect(queue).toEqual((await chat.state()).queue);
      expect(queue.map(({ id }) => id)).toEqual([b]);
    });

    it('[QUE-4] what has started, has ended or never was is NOT_FOUND, and nothing changes', async () => {
      const { chat, active, ids } = await busyChat('a', 'b');
      const [a, b] = ids as [RunId, RunId];
      const { runId: elsewhere } = await (await busyChat()).chat.send('elsewhere');
      await withdraw(chat, a);
      const before = await chat.log();
      for (const gone of [a, active.run.id, elsewhere, newId<RunId>()]) {
        const notFound = { code: 'NOT_FOUND', message: `Run ${gone} is not waiting in the chat (any more).` };
        await expect(edit(chat, gone, 'x')).rejects.toMatchObject(notFound);
        await expect(move(chat, gone, null)).rejects.toMatchObject(notFound);
        await expect(move(chat, b, gone)).rejects.toMatchObject(notFound);
        await expect(withdraw(chat, gone)).rejects.toMatchObject(notFound);
      }
      expect(await chat.log()).toEqual(before);
    });

    it('[STO-1] the queue of a chat that is missing or another user’s cannot be touched', async () => {
      const { chat, ids } = await busyChat('a');
      const [runId] = ids as [RunId];
      const stranger = newUser();
      const { store } = chat;
      for (const refused of [
        () => store.editQueued(stranger, { chatId: chat.id, runId, text: 'x' }),
        () => store.moveQueued(stranger, { chatId: chat.id, runId, before: null }),
        () => store.withdraw(stranger, chat.id, runId),
        () => store.resumeQueue(stranger, chat.id),
        () => store.resumeQueue(chat.userId, newId()),
      ])
        await expect(refused()).rejects.toMatchObject({ code: 'NOT_FOUND', message: 'There is no such chat.' });
    });

    it('[QUE-5] of contradicting changes at once one wins, and the log is what happened', async () => {
      for (let round = 0; round < 5; round += 1) {
        const { chat, active, ids } = await busyChat('a', 'b', 'c');
        const [a, b, c] = ids as [RunId, RunId, RunId];
        const before = await chat.view();
        const { seq } = await chat.state();
        const results = await Promise.allSettled<Change | null>([
          withdraw(chat, a),
          withdraw(chat, a),
          edit(chat, a, 'edited'),
          move(chat, a, null),
          move(chat, c, b),
          chat.store.finish(completed(active, 'done')),
          chat.store.startNext(chat.id),
          chat.send('d', { onBusy: 'steer' }),
        ]);
        expect(results.slice(0, 2).filter(({ status }) => status === 'fulfilled').length).toBeLessThan(2);
        const changes = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
        const entries = changes.flatMap((change) => change?.entries ?? []).sort((x, y) => x.seq - y.seq);
        expect(entries.map((entry) => entry.seq)).toEqual(entries.map((_, index) => seq + index + 1));
        expect(foldAll(before, [{ entries }])).toEqual(await chat.view());
      }
    });
  });

  describe('a pause', () => {
    it('[QUE-6] begins with the stop of the active run when others wait, in the same transaction', async () => {
      const { chat, active } = await busyChat('a');
      const stopped = await stop(chat);
      expect(stopped).toMatchObject({ runId: active.run.id, status: 'running' });
      const { chat: stored } = await chat.state();
      expect(stored).toMatchObject({ queuePaused: true, activeRunId: active.run.id });
      expect(stopped?.entries.map(({ event }) => event)).toEqual([{ type: 'chat.updated', chat: stored }]);
      await chat.store.finish({ ...completed(active, 'par'), status: 'stopped' });
      expect(await chat.store.startNext(chat.id)).toBeNull();
      await chat.store.recover();
      expect((await chat.store.recover()).waiting.map(({ chatId }) => chatId)).not.toContain(chat.id);
      expect(await isPaused(chat)).toBe(true);
    });

    it('[QUE-6] does not begin when nothing waits, with the stop of a waiting run or with an interrupt', async () => {
      const { chat } = await busyChat();
      expect((await stop(chat))?.entries).toEqual([]);
      const { chat: other, ids } = await busyChat('a', 'b');
      await stop(other, ids[0]);
      await other.send('c', { onBusy: 'interrupt' });
      expect([await isPaused(chat), await isPaused(other)]).toEqual([false, false]);
    });

    it('[QUE-6] does not begin when the run had ended before, and stays when it ends by itself after', async () => {
      const { chat, active } = await busyChat('a', 'b');
      await chat.store.finish(completed(active, 'whole'));
      expect(await stop(chat, active.run.id)).toMatchObject({ status: 'completed', entries: [] });
      const next = await chat.store.startNext(chat.id);
      if (!next?.started) throw new Error('expected the next run to start');
      await stop(chat, next.started.run.id);
      await chat.store.finish(completed(next.started, 'whole'));
      expect(await chat.store.startNext(chat.id)).toBeNull();
      expect(await textsOf(chat)).toEqual(['b']);
    });

    it('[QUE-6] a repeated stop does not pause again what goes on', async () => {
      const { chat } = await busyChat('a');
      await stop(chat);
      await resume(chat);
      expect((await stop(chat))?.entries).toEqual([]);
      expect(await isPaused(chat)).toBe(false);
    });

    it('[QUE-7] ends when it is resumed, once', async () => {
      const { chat, active } = await busyChat('a');
      await stop(chat);
      await chat.store.finish({ ...completed(active, ''), status: 'stopped' });
      const resumed = await resume(chat);
      const { chat: stored, queue } = await chat.state();
      expect(stored.queuePaused).toBeUndefined();
      expect(resumed.entries.map(({ event }) => event)).toEqual([{ type: 'chat.updated', chat: stored }]);
      expect(resumed.queue).toEqual(queue);
      expect(await resume(chat)).toEqual({ entries: [], queue });
      expect((await chat.store.startNext(chat.id))?.started?.run.text).toBe('a');
    });

    it('[QUE-7] ends with a message, which joins the end, or goes first where it interrupts', async () => {
      for (const [onBusy, texts] of [
        ['queue', ['a', 'new']],
        ['steer', ['a', 'new']],
        ['interrupt', ['new', 'a']],
      ] as const) {
        const { chat, active } = await busyChat('a');
        await stop(chat);
        await chat.store.finish({ ...completed(active, ''), status: 'stopped' });
        await expect(chat.send('new', { onBusy: 'reject' })).rejects.toMatchObject({ code: 'CONFLICT_BUSY' });
        expect(await isPaused(chat)).toBe(true);
        const sent = await chat.send('new', { onBusy });
        expect(sent).toMatchObject({ disposition: 'queued', resumes: true, interrupts: null });
        expect(typesOf(sent).at(-1)).toBe('chat.updated');
        expect([await isPaused(chat), await textsOf(chat)]).toEqual([false, texts]);
      }
    });

    it('[QUE-7] ends when the last waiting message is withdrawn, either way', async () => {
      for (const end of [withdraw, stop]) {
        const { chat, active, ids } = await busyChat('a', 'b');
        await stop(chat);
        await chat.store.finish({ ...completed(active, ''), status: 'stopped' });
        expect(typesOf(await end(chat, ids[0] as RunId))).toEqual(['run.ended']);
        expect(await isPaused(chat)).toBe(true);
        expect(typesOf(await end(chat, ids[1] as RunId))).toEqual(['run.ended', 'chat.updated']);
        expect(await isPaused(chat)).toBe(false);
        expect((await chat.send('next')).disposition).toBe('started');
      }
    });
  });

  describe('steering', () => {
    const steer = (chat: TestChat, text: string) => chat.send(text, { onBusy: 'steer' });

    it('[STE-1] a message for the answer that is being written waits before the others, behind those like it', async () => {
      const { chat, active } = await busyChat('a');
      const first = await steer(chat, 's1');
      expect(typesOf(first)).toEqual(['run.queued', 'queue.changed']);
      await steer(chat, 's2');
      await chat.send('b');
      const { queue } = await chat.state();
      expect(queue.map(({ text, steers }) => [text, steers])).toEqual([
        ['s1', active.run.id],
        ['s2', active.run.id],
        ['a', undefined],
        ['b', undefined],
      ]);
      const idle = await TestChat.create(chat.store);
      expect(startedOf(await steer(idle, 'hello')).run.steers).toBeUndefined();
    });

    it('[STE-2] what is taken ends completed, leaves the queue, and is told again to whoever asks again', async () => {
      const { chat, active } = await busyChat('a');
      expect(await take(chat, active)).toEqual({ entries: [], taken: [] });
      const [one, two] = [await steer(chat, 's1'), await steer(chat, 's2')];
      await edit(chat, two.runId, 'edited');
      const taken = await take(chat, active);
      const { queue } = await chat.state();
      expect(queue.map(({ text }) => text)).toEqual(['a']);
      expect(taken.entries.map(({ event }) => event)).toEqual([
        { type: 'run.ended', runId: one.runId, status: 'completed' },
        { type: 'run.ended', runId: two.runId, status: 'completed' },
        { type: 'queue.changed', queue },
      ]);
      const both = [
        { messageId: one.messageId, text: 's1' },
        { messageId: two.messageId, text: 'edited' },
      ];
      expect(taken.taken).toEqual(both);
      expect(await take(chat, active)).toEqual({ entries: [], taken: both });
      expect(await chat.send('s2', { messageId: two.messageId })).toMatchObject({
        disposition: 'duplicate',
        runId: two.runId,
      });
      expect((await chat.log()).slice(-3)).toEqual(taken.entries);
    });

    it('[STE-3] when the run ends first the message is the next one', async () => {
      const { chat, active } = await busyChat('a');
      await steer(chat, 's1');
      await chat.store.finish(completed(active, 'done'));
      expect((await take(chat, active)).taken).toEqual([]);
      const next = await chat.store.startNext(chat.id);
      expect(next?.started?.run.text).toBe('s1');
      if (next?.started) await chat.store.finish(completed(next.started, 'answered'));
      const last = await chat.store.startNext(chat.id);
      expect(last?.started && (await take(chat, last.started)).taken).toEqual([]);
    });

    it('[STE-3] of an end and a taking at once nothing is taken after the end', async () => {
      for (let round = 0; round < 10; round += 1) {
        const { chat, active } = await busyChat();
        await steer(chat, 's1');
        const [ended, { entries, taken }] = await Promise.all([
          chat.store.finish(completed(active, 'done')),
          take(chat, active),
        ]);
        const seqOf = (change: readonly { seq: number }[]) => change[0]?.seq ?? Infinity;
        expect(taken.length > 0).toBe(seqOf(entries) < seqOf(ended?.entries ?? []));
        expect((await textsOf(chat)).length).toBe(taken.length > 0 ? 0 : 1);
      }
    });

    it('[STE-3] an answer that is stopped, or of an earlier attempt, takes nothing more', async () => {
      const { chat, active } = await busyChat();
      await steer(chat, 's1');
      expect((await take(chat, { ...active, attempt: 0 })).taken).toEqual([]);
      await stop(chat);
      expect((await take(chat, active)).taken).toEqual([]);
      expect(await textsOf(chat)).toEqual(['s1']);
    });

    it('[STE-4] a crash loses nothing that was taken, recorded or not', async () => {
      const { chat, active } = await busyChat();
      const one = await steer(chat, 's1');
      await take(chat, active);
      const { run, attempt } = active;
      await chat.store.record([
        textSlice(active, 0, 0, 'Half'),
        {
          runId: run.id,
          attempt,
          seq: 4,
          part: 1,
          content: { value: { type: 'steering', messageId: one.messageId, text: 's1' } },
        },
      ]);
      const two = await steer(chat, 's2');
      await take(chat, active);
      await chat.store.recover();
      const [, answer] = (await chat.view()).messages;
      expect(answer).toMatchObject({ status: 'interrupted' });
      expect(answer?.parts).toEqual([
        { type: 'text', text: 'Half' },
        { type: 'steering', messageId: one.messageId, text: 's1' },
        { type: 'steering', messageId: two.messageId, text: 's2' },
      ]);
    });

    it('[STE-5] what does not fit into one answer goes on waiting', async () => {
      const { chat, active } = await busyChat();
      const long = 'x'.repeat(limits.messageText);
      await steer(chat, long);
      await take(chat, active);
      await steer(chat, long);
      await take(chat, active);
      await steer(chat, 'more');
      expect((await take(chat, active)).taken.length).toBe(2);
      expect(await textsOf(chat)).toEqual(['more']);
    });
  });
}
