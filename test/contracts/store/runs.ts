import { runSlices } from '../../../db/schema.ts';
import { describe, expect, it } from 'vitest';
import type { Part } from '../../../shared/message.ts';
import { type ChatId, type RunId } from '../../../shared/ids.ts';
import { newId } from '../../../shared/new-id.ts';
import { completed, newUser, startedOf, TestChat, textSlice, typesOf } from '../../helpers/store-chat.ts';
import type { StoreUnderTest } from '../store.ts';

export function describeRuns({ open }: StoreUnderTest): void {
  describe('runs', () => {
    it('[STO-10] the first that waits starts, and only when nothing is active', async () => {
      const { store, clock } = open();
      const chat = await TestChat.create(store);
      const first = await chat.start('one');
      const two = await chat.send('two');
      await chat.send('three');
      expect(await store.startNext(chat.id)).toBeNull();
      await store.finish(completed(first, 'answer'));
      const next = await store.startNext(chat.id);
      expect(typesOf(next)).toEqual(['message.added', 'run.started', 'message.added']);
      expect(next?.started).toMatchObject({
        userId: chat.userId,
        attempt: 1,
        run: { id: two.runId, status: 'running' },
      });
      expect(next?.started?.userMessage).toMatchObject({
        parentId: first.message.id,
        createdAt: next?.started?.run.createdAt,
      });
      expect(next?.started?.message).toMatchObject({ createdAt: clock.iso(), parts: [], status: 'streaming' });
      const { chat: stored, queue, activeRun } = await chat.state();
      expect(stored).toMatchObject({ activeRunId: two.runId, updatedAt: clock.iso() });
      expect(queue.map(({ text }) => text)).toEqual(['three']);
      expect(activeRun).toEqual(next?.started?.run);
    });

    it('[STO-10] there is nothing to start in an empty chat or a missing one', async () => {
      const chat = await TestChat.create(open().store);
      expect(await chat.store.startNext(chat.id)).toBeNull();
      expect(await chat.store.startNext(newId<ChatId>())).toBeNull();
    });

    it('[STO-12] stop of a run that waits ends it at once', async () => {
      const chat = await TestChat.create(open().store);
      await chat.start('one');
      const two = await chat.send('two');
      const stopped = await chat.store.requestStop(chat.userId, chat.id, two.runId);
      expect(stopped).toMatchObject({ runId: two.runId, status: 'stopped' });
      expect(stopped?.entries).toEqual([
        { seq: two.seq + 1, event: { type: 'run.ended', runId: two.runId, status: 'stopped' } },
      ]);
      expect((await chat.state()).queue).toEqual([]);
      expect((await chat.view()).messages.length).toBe(2);
      const again = await chat.store.requestStop(chat.userId, chat.id, two.runId);
      expect(again).toEqual({ entries: [], runId: two.runId, status: 'stopped' });
    });

    it('[STO-12] stop of the active run is recorded, and leaves it to its process to end', async () => {
      const chat = await TestChat.create(open().store);
      const { run, attempt } = await chat.start('one');
      const running = { entries: [], runId: run.id, status: 'running' };
      expect(await chat.store.requestStop(chat.userId, chat.id, undefined)).toEqual(running);
      expect(await chat.store.requestStop(chat.userId, chat.id, run.id)).toEqual(running);
      expect((await chat.state()).chat.activeRunId).toBe(run.id);
      await chat.store.finish({ runId: run.id, attempt, status: 'stopped', parts: [] });
      expect(await chat.store.requestStop(chat.userId, chat.id, run.id)).toEqual({ ...running, status: 'stopped' });
    });

    it('[STO-12] with nothing active there is nothing to stop; an unknown run is NOT_FOUND', async () => {
      const { store } = open();
      const [chat, other] = [await TestChat.create(store), await TestChat.create(store)];
      expect(await store.requestStop(chat.userId, chat.id, undefined)).toBeNull();
      const { run } = await other.start('one');
      for (const runId of [newId<RunId>(), run.id]) {
        await expect(store.requestStop(chat.userId, chat.id, runId)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      }
      await expect(store.requestStop(newUser(), other.id, run.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });

    it('[STO-13] the end stores the whole answer and says so in two entries', async () => {
      const { store, clock } = open();
      const chat = await TestChat.create(store);
      const started = await chat.start('one');
      const { run, attempt, message } = started;
      await store.record([textSlice(started, 1, 0, 'par')]);
      const parts: Part[] = [
        { type: 'reasoning', text: 'hm' },
        { type: 'text', text: 'partial' },
      ];
      const usage = { inputTokens: 3, outputTokens: 5, source: 'reported' } as const;
      const change = await store.finish({
        runId: run.id,
        attempt,
        status: 'completed',
        parts,
        usage,
        model: 'demo:guide',
      });
      const whole = { ...message, status: 'completed', parts, usage, model: 'demo:guide' };
      expect(change?.entries).toEqual([
        { seq: 5, event: { type: 'message.completed', message: whole } },
        { seq: 6, event: { type: 'run.ended', runId: run.id, status: 'completed' } },
      ]);
      const { chat: stored, activeRun } = await chat.state();
      expect([stored.activeRunId, activeRun]).toEqual([null, null]);
      expect(stored.updatedAt).toBe(message.createdAt);
      expect((await chat.view()).messages[1]).toEqual(whole);
      expect(clock.iso() > message.createdAt).toBe(true);
    });

    it.each(['stopped', 'failed', 'interrupted'] as const)(
      '[STO-13] a run that ends %s marks its message so',
      async (status) => {
        const chat = await TestChat.create(open().store);
        const { run, attempt } = await chat.start('one');
        const error = status === 'stopped' ? undefined : ({ code: 'MODEL_TIMEOUT', message: 'Too slow.' } as const);
        const change = await chat.store.finish({ runId: run.id, attempt, status, error, parts: [] });
        const ended = { type: 'run.ended', runId: run.id, status, ...(error && { error }) };
        expect(change?.entries[1]?.event).toEqual(ended);
        const [, message] = (await chat.view()).messages;
        expect(message).toMatchObject({ status, parts: [] });
        expect(message?.error).toEqual(error);
        expect((await chat.log()).at(-1)?.event).toEqual(ended);
      },
    );

    it('[STO-13] a second end and one of an earlier attempt change nothing', async () => {
      const chat = await TestChat.create(open().store);
      const started = await chat.start('one');
      expect(await chat.store.finish({ ...completed(started, 'old'), attempt: started.attempt - 1 })).toBeNull();
      expect((await chat.state()).activeRun?.id).toBe(started.run.id);
      expect(await chat.store.finish(completed(started, 'answer'))).not.toBeNull();
      expect(await chat.store.finish({ ...completed(started, 'late'), status: 'failed' })).toBeNull();
      expect(await chat.store.finish({ ...completed(started, 'late'), runId: newId<RunId>() })).toBeNull();
      expect((await chat.view()).messages[1]?.parts).toEqual([{ type: 'text', text: 'answer' }]);
      expect((await chat.log()).length).toBe(6);
    });

    it('[STO-14] what was recorded is what a streaming answer shows', async () => {
      const chat = await TestChat.create(open().store);
      const started = await chat.start('one');
      const { run, attempt } = started;
      const tool: Part = { type: 'tool', toolCallId: 'c1', name: 'search', input: { q: 'x' }, state: 'running' };
      const done: Part = { ...tool, state: 'done', output: [1, null, 'two'] };
      await chat.store.record([
        { runId: run.id, attempt, seq: 1, part: 0, content: { kind: 'reasoning', offset: 0, text: 'let me' } },
        { runId: run.id, attempt, seq: 7, part: 1, content: { value: tool } },
      ]);
      await chat.store.record([textSlice(started, 9, 0, 'Hel', 2), textSlice(started, 12, 3, 'lo', 2)]);
      await chat.store.record([{ runId: run.id, attempt, seq: 20, part: 1, content: { value: done } }]);
      await chat.store.record([textSlice(started, 21, 3, 'p!', 2)]);
      const parts = [{ type: 'reasoning', text: 'let me' }, done, { type: 'text', text: 'Help!' }];
      expect((await chat.view()).messages[1]).toEqual({ ...started.message, parts });
      const { messages } = await chat.store.history(chat.userId, chat.id, { limit: 1 });
      expect(messages).toEqual([{ ...started.message, parts }]);
    });

    it('[STO-14] the same number again replaces what was written under it, in one batch too', async () => {
      const chat = await TestChat.create(open().store);
      const started = await chat.start('one');
      await chat.store.record([textSlice(started, 1, 0, 'He')]);
      await chat.store.record([
        textSlice(started, 1, 0, 'Hel'),
        textSlice(started, 1, 0, 'Hello'),
        textSlice(started, 6, 5, '!'),
      ]);
      await chat.store.record([]);
      expect((await chat.view()).messages[1]?.parts).toEqual([{ type: 'text', text: 'Hello!' }]);
    });

    it('[STO-14] slices of ended runs, of other attempts and of unknown runs are ignored beside good ones', async () => {
      const { store, count } = open();
      const [chat, other] = [await TestChat.create(store), await TestChat.create(store)];
      const ended = await chat.turn('one', 'whole');
      const running = await other.start('two');
      const stale = { ...textSlice(running, 1, 0, 'stale'), attempt: 0 };
      const unknown = { ...textSlice(running, 1, 0, 'unknown'), runId: newId<RunId>() };
      await store.record([textSlice(ended, 9, 0, 'late'), stale, unknown, textSlice(running, 2, 0, 'good')]);
      expect((await chat.view()).messages[1]?.parts).toEqual([{ type: 'text', text: 'whole' }]);
      expect((await other.view()).messages[1]?.parts).toEqual([{ type: 'text', text: 'good' }]);
      expect(await count('run_slices', ended.run.id)).toBe(0);
      expect(await count('run_slices', running.run.id)).toBe(1);
      await store.finish(completed(running, 'done'));
      expect(await count('run_slices', running.run.id)).toBe(0);
    });

    it('[STO-15] a crash ends what was running with the answer as recorded, and tells where others wait', async () => {
      const { store } = open();
      await store.recover();
      const [chat, stopped, idle] = [
        await TestChat.create(store),
        await TestChat.create(store),
        await TestChat.create(store),
      ];
      const started = await chat.start('one');
      const waiting = await chat.send('two');
      await store.record([textSlice(started, 1, 0, 'Half an ans')]);
      await stopped.start('three');
      await store.requestStop(stopped.userId, stopped.id, undefined);
      await idle.turn('four', 'five');

      expect(await store.recover()).toEqual({
        interrupted: 1,
        resumed: 0,
        waiting: expect.arrayContaining([{ chatId: chat.id, userId: chat.userId }]),
      });
      const view = await chat.view();
      expect(view.messages[1]).toMatchObject({ status: 'interrupted', parts: [{ type: 'text', text: 'Half an ans' }] });
      expect(view).toMatchObject({ activeRun: null, chat: { activeRunId: null }, queue: [{ id: waiting.runId }] });
      expect((await chat.log()).slice(-2).map(({ event }) => event)).toEqual([
        { type: 'message.completed', message: view.messages[1] },
        { type: 'run.ended', runId: started.run.id, status: 'interrupted' },
      ]);
      expect((await stopped.view()).messages[1]?.status).toBe('stopped');
      expect(await store.recover()).toMatchObject({ interrupted: 0 });
      expect((await store.startNext(chat.id))?.started?.run.id).toBe(waiting.runId);
    });

    it('[STO-15] slices that a crash left behind an end are swept up', async () => {
      const { store, db, count } = open();
      const chat = await TestChat.create(store);
      const { run } = await chat.turn('one', 'two');
      const row = { runId: run.id, seq: 0, part: 0, kind: 'text', offset: 0, text: 'late' } as const;
      await db.insert(runSlices).values(row);
      await store.recover();
      expect(await count('run_slices', run.id)).toBe(0);
    });

    it('[STO-15] the process that crashed cannot finish what was recovered', async () => {
      const chat = await TestChat.create(open().store);
      const started = startedOf(await chat.send('one'));
      await chat.store.recover();
      expect(await chat.store.finish(completed(started, 'late'))).toBeNull();
      await chat.store.record([textSlice(started, 50, 0, 'late')]);
      expect((await chat.view()).messages[1]).toMatchObject({ status: 'interrupted', parts: [] });
    });

    it('[STO-28] a chat in doubt keeps a run that lives, and ends one that nobody executes as recorded', async () => {
      const { store } = open();
      const chat = await TestChat.create(store);
      expect(await store.abandon(chat.id, [])).toBeNull();
      const started = await chat.start('one');
      await store.record([textSlice(started, 1, 0, 'Half')]);
      expect(await store.abandon(chat.id, [started.run.id])).toBeNull();
      expect((await chat.view()).activeRun).not.toBeNull();
      const change = await store.abandon(chat.id, []);
      expect(change?.entries.map(({ event }) => event.type)).toEqual(['message.completed', 'run.ended']);
      const view = await chat.view();
      expect(view.activeRun).toBeNull();
      expect(view.messages[1]).toMatchObject({ status: 'interrupted', parts: [{ type: 'text', text: 'Half' }] });
    });
  });
}
