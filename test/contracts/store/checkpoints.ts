import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import type { NewCheckpoint, TaskWrite } from '../../../db/checkpoint-store.ts';
import { sqlCheckpointStore } from '../../../db/sql-checkpoint-store.ts';
import type { RecallAnswer, StartedRun } from '../../../db/store.ts';
import { modelCalls } from '../../../db/schema.ts';
import { limits } from '../../../shared/limits.ts';
import type { Part } from '../../../shared/message.ts';
import { newId } from '../../../shared/new-id.ts';
import { completed, TestChat, textSlice, typesOf } from '../../helpers/store-chat.ts';
import { asking } from '../../helpers/questions.ts';
import type { StoreUnderTest } from '../store.ts';

const json = (value: unknown) => ({ type: 'json', value: JSON.stringify(value) });

function checkpoint({ run }: StartedRun, id: string, more: Partial<NewCheckpoint> = {}): NewCheckpoint {
  const place = { threadId: run.id, namespace: '', id, parentId: null };
  return { ...place, ...json({ id }), metadata: json({}), values: [], writes: [], ...more };
}

function write(taskId: string, channel: string, value: unknown, index = 0): TaskWrite {
  return { taskId, taskPath: '', index, channel, ...json(value) };
}

export function describeCheckpoints({ open }: StoreUnderTest): void {
  describe('checkpoints of runs', () => {
    const checkpoints = () => sqlCheckpointStore(open().db);
    const ownerOf = ({ run, attempt }: StartedRun) => ({ runId: run.id, attempt });

    it('[WFE-7] are written while that attempt is at work, and end with the run', async () => {
      const { store } = open();
      const chat = await TestChat.create(store);
      const started = await chat.start('one');
      const place = { threadId: started.run.id, namespace: '' };
      const late = { ...ownerOf(started), attempt: started.attempt + 1 };
      await expect(checkpoints().putCheckpoint(checkpoint(started, 'a'), late)).rejects.toThrow(/no longer at work/);
      await checkpoints().putCheckpoint(
        checkpoint(started, 'a', { values: [{ channel: 'x', version: '1', ...json('\0') }] }),
        ownerOf(started),
      );
      await checkpoints().putWrites({ ...place, checkpointId: 'a' }, [write('t', 'x', 1)], ownerOf(started));
      const found = await checkpoints().checkpoint(place);
      expect(found).toMatchObject({ id: 'a', values: [{ channel: 'x', ...json('\0') }], writes: [{ taskId: 't' }] });
      await store.finish(completed(started, 'done'));
      expect(await checkpoints().checkpoint(place)).toBeNull();
      const after = checkpoints().putWrites({ ...place, checkpointId: 'a' }, [write('t', 'x', 2)], ownerOf(started));
      await expect(after).rejects.toThrow(/no longer at work/);
      expect(await checkpoints().journal(started.run.id, 'x')).toEqual([]);
    });

    it('[WFE-7] end with a run that was to stop when it asked', async () => {
      const { store, count } = open();
      const chat = await TestChat.create(store);
      const started = await chat.start('one');
      await checkpoints().putCheckpoint(checkpoint(started, 'a'), ownerOf(started));
      await store.requestStop(chat.userId, chat.id, undefined);
      expect(await store.suspend(asking(started))).toMatchObject({ status: 'stopped' });
      expect(await count('checkpoint_threads', started.run.id)).toBe(0);
    });

    it('[WFE-8] keep of their past the journal alone, when it is deleted', async () => {
      const chat = await TestChat.create(open().store);
      const started = await chat.start('one');
      const [owner, place] = [ownerOf(started), { threadId: started.run.id, namespace: '' }];
      const value = (version: string) => ({ channel: 'x', version, ...json(version) });
      await checkpoints().putCheckpoint(checkpoint(started, 'a', { values: [value('1')] }), owner);
      await checkpoints().putWrites(
        { ...place, checkpointId: 'a' },
        [write('t', 'x', 1), write('t', 'log', 'first', 1)],
        owner,
      );
      const writes = [write('u', 'log', 'second')];
      await checkpoints().putCheckpoint(
        checkpoint(started, 'b', { parentId: 'a', values: [value('2')], writes }),
        owner,
      );
      await checkpoints().prune(place, { id: 'b', versions: [{ channel: 'x', version: '2' }], journal: 'log' });
      expect((await checkpoints().checkpoints({ threadId: started.run.id })).map(({ id }) => id)).toEqual(['b']);
      expect(await checkpoints().checkpoint(place)).toMatchObject({ values: [{ version: '2' }] });
      expect(await checkpoints().journal(started.run.id, 'x')).toEqual([]);
      const kept = await checkpoints().journal(started.run.id, 'log');
      expect(kept.map((one) => one.value).toSorted()).toEqual(['"first"', '"second"']);
    });
  });

  describe('a run that goes on where its process has died', () => {
    const certain =
      (progress: number): RecallAnswer =>
      async () => ({
        parts: [{ type: 'text', text: 'Certain. ' }],
        usage: { inputTokens: 3, outputTokens: 4, source: 'reported' },
        model: 'own:model',
        progress,
      });

    it('[WFC-8] is due with what is certain of it, and what its last process still writes does not count', async () => {
      const { store, count } = open();
      await store.recover();
      const chat = await TestChat.create(store);
      const started = await chat.start('one');
      await store.record([textSlice(started, 1, 0, 'Certain. Half')]);
      const before = await chat.log();
      const recovered = await store.recover({ recall: certain(1) });
      expect(recovered.resumed).toBe(1);
      expect(recovered.waiting).toContainEqual({ chatId: chat.id, userId: chat.userId });
      expect(await count('run_slices', started.run.id)).toBe(0);
      expect((await chat.log()).slice(before.length).map(({ event }) => event)).toEqual([
        { type: 'answer.reset', runId: started.run.id },
      ]);
      const view = await chat.view();
      expect(view.messages[1]).toMatchObject({ status: 'streaming', parts: [{ type: 'text', text: 'Certain. ' }] });
      expect(view.activeRun).toMatchObject({ id: started.run.id, status: 'running' });
      expect(await store.finish(completed(started, 'late'))).toBeNull();
      await store.record([textSlice(started, 50, 0, 'late')]);
      const again = (await store.startNext(chat.id))?.started;
      expect(again).toMatchObject({
        message: { parts: [{ type: 'text', text: 'Certain. ' }] },
        startSeq: before.length + 1,
        resumed: { suspendedSeq: before.length + 1, answers: [], usage: { outputTokens: 4 }, model: 'own:model' },
      });
      expect(again?.attempt).toBeGreaterThan(started.attempt);
      expect(await count('model_calls', started.run.id)).toBe(2);
      expect(typesOf(await store.finish({ ...completed(started, 'done'), attempt: again?.attempt ?? 0 }))).toEqual([
        'message.completed',
        'run.ended',
      ]);
    });

    it('[WFC-11] tells of nodes that had finished, though it was recorded that they run', async () => {
      const { store } = open();
      const chat = await TestChat.create(store);
      const { run, attempt } = await chat.start('one');
      const nodes = ['done', 'again', 'inside'].map((nodeId) => ({
        nodeId,
        title: nodeId,
        status: 'running' as const,
      }));
      await store.record([], [{ runId: run.id, attempt, nodes }]);
      const recalled = { parts: [], usage: null, model: null, progress: 1, unfinished: ['again', 'inside/deep'] };
      await store.abandon(chat.id, [], async () => recalled);
      const told = ['finished', 'running', 'running'].map((status) => ({ status }));
      expect((await chat.view()).nodes).toMatchObject(told);
      expect((await store.startNext(chat.id))?.started?.resumed?.nodes).toMatchObject(told);
    });

    it('[WFC-10] counts each call once: what finished as it was told, what was under way by its text', async () => {
      const { db, store } = open();
      const first = 'x'.repeat(400);
      const parts: readonly Part[] = [{ type: 'text', text: first }];
      const usage = { inputTokens: 30, outputTokens: 100, source: 'reported' } as const;
      /** A run whose first node has finished, with the call of its model or not yet, while another speaks. */
      const crashed = async (isCallEnded: boolean, beyond: string) => {
        const chat = await TestChat.create(store);
        const started = await chat.start('word');
        const at = { runId: started.run.id, attempt: started.attempt };
        if (isCallEnded) await store.nextModelCall(at, { id: newId(), ended: { usage, model: 'own:model' } });
        const slices = [textSlice(started, 0, 0, first), ...(beyond ? [textSlice(started, 400, 0, beyond, 1)] : [])];
        await store.record(slices);
        await store.abandon(chat.id, [], async () => ({ parts, usage, model: 'own:model', progress: 2 }));
        const calls = await db.select().from(modelCalls).where(eq(modelCalls.runId, started.run.id));
        return calls
          .toSorted((one, other) => one.step - other.step)
          .map(({ status, inputTokens, outputTokens, source }) => [status, inputTokens, outputTokens, source]);
      };
      expect(await crashed(true, '\n\n12345678')).toEqual([
        ['finished', 30, 100, 'reported'],
        ['crashed', 1, 3, 'estimated'],
      ]);
      expect(await crashed(true, '')).toEqual([
        ['finished', 30, 100, 'reported'],
        ['crashed', 0, 0, null],
      ]);
      expect(await crashed(false, '')).toEqual([['crashed', 30, 100, 'reported']]);
      expect(await crashed(false, '\n\n12345678')).toEqual([['crashed', 31, 103, 'estimated']]);
    });

    it('[WFC-9] may die so often without coming further, and any number of times with it', async () => {
      const { store } = open();
      const chat = await TestChat.create(store);
      await chat.start('one');
      const crash = async (progress: number) => {
        const change = await store.abandon(chat.id, [], certain(progress));
        if (typesOf(change).includes('answer.reset')) await store.startNext(chat.id);
        return typesOf(change);
      };
      for (let progress = 0; progress <= limits.runCrashes; progress += 1)
        expect(await crash(progress)).toEqual(['answer.reset']);
      for (let time = 1; time < limits.runCrashes; time += 1)
        expect(await crash(limits.runCrashes)).toEqual(['answer.reset']);
      expect(await crash(limits.runCrashes)).toEqual(['message.completed', 'run.ended']);
      expect((await chat.view()).messages[1]).toMatchObject({
        status: 'interrupted',
        parts: [{ type: 'text', text: 'Certain. ' }],
      });
    });

    it('[WFC-5] ends when it was to stop, also while it is due', async () => {
      const { store } = open();
      const [told, due] = [await TestChat.create(store), await TestChat.create(store)];
      await told.start('one');
      await due.start('two');
      await store.requestStop(told.userId, told.id, undefined);
      expect(typesOf(await store.abandon(told.id, [], certain(1)))).toEqual(['message.completed', 'run.ended']);
      await store.abandon(due.id, [], certain(1));
      expect(await store.requestStop(due.userId, due.id, undefined)).toMatchObject({ status: 'stopped' });
      expect((await due.view()).messages[1]).toMatchObject({
        status: 'stopped',
        parts: [{ type: 'text', text: 'Certain. ' }],
      });
    });
  });
}
