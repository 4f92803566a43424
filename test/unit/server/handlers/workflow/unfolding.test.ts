import { expect, test } from 'vitest';
import { compileProgram } from '../../../../../server/handlers/workflow/graph.ts';
import { createProgram } from '../../../../../server/handlers/workflow/program.ts';
import { Unfolding } from '../../../../../server/handlers/workflow/unfolding.ts';
import { runCheckpoints } from '../../../../../server/handlers/workflow/workflow-checkpoints.ts';
import type { AppId } from '../../../../../shared/ids.ts';
import { limits } from '../../../../../shared/limits.ts';
import { memoryCheckpoints } from '../../../../helpers/memory-checkpoints.ts';
import { definitionOf } from '../../../../helpers/own-workflow.ts';
import { checkDefinition } from '../../../../helpers/workflows.ts';
import { codeOf } from '../handler-run.ts';

/** A line of so many nodes, each of which is the given one. */
function line(count: number, node: object) {
  const ids = Array.from({ length: count }, (_, place) => `n${place}`);
  const all = ['start', ...ids, 'end'];
  const definition = definitionOf(
    [{ id: 'start', type: 'start' }, ...ids.map((id) => ({ type: '', ...node, id })), { id: 'end', type: 'end' }],
    all.slice(1).map((id, place) => `${all[place]} > ${id}`),
  );
  return checkDefinition('', definition);
}

const id = '00000000-0000-7000-8000-000000000000' as AppId;

test('[NODE-10] workflows that would be millions of nodes are given up after a few', async () => {
  const loaded: unknown[] = [];
  const ids = Array.from({ length: 6 }, (_, level) => `00000000-0000-7000-8000-00000000000${level}` as AppId);
  const levels = ids.map((_, level) =>
    level === 5
      ? line(1, { type: 'output', text: '' })
      : line(10, { type: 'subworkflow', workflowId: ids[level + 1], input: {} }),
  );
  const load = async (wanted: AppId) => {
    loaded.push(wanted);
    const definition = levels[ids.indexOf(wanted)] ?? line(0, {});
    return { id: wanted, version: 1, definition, ownerId: null, status: 'published' as const };
  };
  const unfolding = new Unfolding(load, await load(id), null).unfold();
  expect(codeOf(await unfolding.catch((error: unknown) => error))).toBe('WORKFLOW_INVALID');
  expect(loaded.length).toBeLessThanOrEqual(ids.length);
});

test('[NODE-12] a step reads what it names, and not what a thousand others have made', () => {
  const definition = line(limits.workflowNodes - 2, { type: 'output', text: '{{start.message}}' });
  const { nodes } = compileProgram(
    createProgram({ definition, inner: new Map(), isForeign: false }),
    runCheckpoints(memoryCheckpoints()),
  );
  expect(Object.keys(nodes['step n500']?.channels ?? {})).toEqual(['plan', 'outputs n500', 'outputs start']);
});
