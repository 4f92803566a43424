import { expect, test } from 'vitest';
import type { CheckpointStore, NewCheckpoint, TaskWrite } from '../../../../../db/checkpoint-store.ts';
import { checkpointLines } from '../../../../../server/handlers/workflow/checkpoint-lines.ts';
import type { CheckpointHint } from '../../../../../server/handlers/workflow/checkpoint-lines.ts';
import type { RunId } from '../../../../../shared/ids.ts';
import { memoryCheckpoints } from '../../../../helpers/memory-checkpoints.ts';

const owner = { runId: 'run' as RunId, attempt: 1 };
const place = { threadId: 'run', namespace: '' };
const text = (value: string) => ({ type: 'json', value });

function checkpoint(id: string, parentId: string | null, changed: readonly string[] = []): NewCheckpoint {
  const values = changed.map((channel) => ({ channel, version: id, ...text(id) }));
  return { ...place, id, parentId, ...text(id), metadata: text('{}'), values, writes: [] };
}

const hint = (urgency: CheckpointHint['urgency']): CheckpointHint => ({
  urgency,
  prune: { id: '', versions: [], journal: 'log' },
});

function write(taskId: string, channel: string): TaskWrite {
  return { taskId, taskPath: '', index: channel === 'log' ? 1 : 0, channel, ...text(taskId) };
}

/** What reaches the store, in words. */
function watched(store = memoryCheckpoints(), refuse: (call: string) => boolean = () => false) {
  const calls: string[] = [];
  const told = (call: string): void => {
    calls.push(call);
    if (refuse(call)) throw new Error('refused');
  };
  const sink: CheckpointStore = {
    ...store,
    async putCheckpoint(put, by) {
      told(
        `put ${put.id} [${put.values.map(({ channel }) => channel).join()}] [${put.writes.map(({ taskId }) => taskId).join()}]`,
      );
      await store.putCheckpoint(put, by);
    },
    async putWrites(at, writes, by) {
      told(`write ${at.checkpointId} [${writes.map(({ taskId }) => taskId).join()}]`);
      await store.putWrites(at, writes, by);
    },
  };
  return { calls, lines: checkpointLines(sink, 'log') };
}

test('[WFE-9] checkpoints and writes of one turn are one write: the newest, with the values and the journal of all', async () => {
  const { calls, lines } = watched();
  const writing = [
    lines.putCheckpoint(checkpoint('a', null, ['x', 'y']), owner, hint('soon')),
    lines.putWrites({ ...place, checkpointId: 'a' }, [write('t', 'x'), write('t', 'log')], owner),
    lines.putCheckpoint(checkpoint('b', 'a', ['x']), owner, hint('now')),
    lines.putWrites({ ...place, checkpointId: 'b' }, [write('u', 'x')], owner),
  ];
  await Promise.all(writing);
  expect(calls).toEqual(['put b [x,y] [t]', 'write b [u]']);
});

test('[WFE-9] nobody waits for what is written soon, and the end of a run is not written', async () => {
  const { calls, lines } = watched();
  await lines.putCheckpoint(checkpoint('a', null), owner, hint('soon'));
  expect(calls).toEqual([]);
  await lines.putCheckpoint(checkpoint('b', 'a'), owner, hint('now'));
  expect(calls).toEqual(['put b [] []']);
  await lines.putCheckpoint(checkpoint('c', 'b'), owner, hint('never'));
  await lines.putWrites({ ...place, checkpointId: 'b' }, [write('t', 'x')], owner);
  expect(calls).toEqual(['put b [] []', 'write b [t]']);
});

test('[WFE-9] after a write that failed, waited for or not, every later one of that attempt fails', async () => {
  const { calls, lines } = watched(memoryCheckpoints(), (call) => call.startsWith('put a'));
  await lines.putCheckpoint(checkpoint('a', null, ['x']), owner, hint('soon'));
  await expect(lines.putWrites({ ...place, checkpointId: 'a' }, [write('t', 'x')], owner)).rejects.toThrow('refused');
  await expect(lines.putCheckpoint(checkpoint('b', 'a'), owner, hint('now'))).rejects.toThrow('refused');
  expect(calls).toEqual(['put a [x] []']);
  await lines.putCheckpoint(checkpoint('c', 'a'), { ...owner, attempt: 2 }, hint('now'));
  expect(calls).toEqual(['put a [x] []', 'put c [] []']);
});
