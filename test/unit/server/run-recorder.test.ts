import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { RunProgress, Slice } from '../../../db/store.ts';
import { RunRecorder } from '../../../server/run-recorder.ts';
import { says, scriptedRun } from '../../helpers/scripted-run.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('run recorder', () => {
  test('[REC-1] writes what all runs have produced in one call, one slice a part, at most 250 ms late', async () => {
    const calls: (readonly Slice[])[] = [];
    const recorder = new RunRecorder({ record: async (slices) => void calls.push(slices) }, () => {});
    const runs = [scriptedRun(() => says()), scriptedRun(() => says())];
    for (const { run } of runs) recorder.add(run);
    for (const { log } of runs) {
      for (const token of ['a', 'b', 'c']) log.appendText('reasoning', token);
      for (const token of ['d', 'e']) log.appendText('text', token);
    }
    await vi.advanceTimersByTimeAsync(250);
    expect(calls).toHaveLength(1);
    expect(calls[0]?.map(({ seq, part, content }) => [seq, part, content])).toEqual(
      runs.flatMap(() => [
        [0, 0, { kind: 'reasoning', offset: 0, text: 'abc' }],
        [3, 1, { kind: 'text', offset: 0, text: 'de' }],
      ]),
    );
    runs[0]?.log.appendText('text', 'f');
    await vi.advanceTimersByTimeAsync(250);
    expect(calls[1]?.map(({ seq, content }) => [seq, content])).toEqual([[5, { kind: 'text', offset: 2, text: 'f' }]]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(calls).toHaveLength(2);
    for (const { run } of runs) recorder.remove(run);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('[REC-2] takes up after a failure where the last good write ended', async () => {
    const written: string[] = [];
    const failures: unknown[] = [];
    let isAway = true;
    const record = async (slices: readonly Slice[]) => {
      if (isAway) throw new Error('away');
      for (const { content } of slices) if ('text' in content) written.push(content.text);
    };
    const recorder = new RunRecorder({ record }, (error) => failures.push(error));
    const { run, log } = scriptedRun(() => says());
    recorder.add(run);
    log.appendText('text', 'one ');
    await vi.advanceTimersByTimeAsync(500);
    expect(failures).toHaveLength(2);
    log.appendText('text', 'two');
    isAway = false;
    await vi.advanceTimersByTimeAsync(250);
    expect(written).toEqual(['one two']);
    recorder.remove(run);
  });

  test('[REC-3] writes how far nodes have come when that has changed, again after a failure', async () => {
    const calls: (readonly RunProgress[])[] = [];
    let isAway = true;
    const record = async (_: readonly Slice[], progress: readonly RunProgress[] = []) => {
      if (isAway) throw new Error('away');
      calls.push(progress);
    };
    const recorder = new RunRecorder({ record }, () => {});
    const { run, log } = scriptedRun(() => says());
    recorder.add(run);
    log.append({ type: 'node.started', runId: log.runId, nodeId: 'a', title: 'A' });
    await vi.advanceTimersByTimeAsync(250);
    isAway = false;
    await vi.advanceTimersByTimeAsync(1_000);
    const told = { runId: log.runId, attempt: run.started.attempt };
    const nodes = [{ nodeId: 'a', title: 'A', status: 'running' }];
    expect(calls).toEqual([[{ ...told, nodes }]]);
    log.appendText('text', 'x');
    await vi.advanceTimersByTimeAsync(250);
    expect(calls[1]).toEqual([]);
    recorder.remove(run);
  });
});
