import { expect, test } from 'vitest';
import { WorkflowReferences } from '../../../server/workflow-references.ts';
import type { AppId, UserId } from '../../../shared/ids.ts';
import { newId } from '../../../shared/new-id.ts';

const start = { id: 'start', title: '', type: 'start' };
const end = { id: 'end', title: '', type: 'end' };

/** A line of nodes that run these workflows. */
function running(ids: readonly AppId[]) {
  const nodes = ids.map((workflowId, n) => ({ id: `n${n}`, title: '', type: 'subworkflow', workflowId, input: {} }));
  const all = [start, ...nodes, end];
  return { nodes: all, edges: all.slice(1).map(({ id: to }, place) => ({ from: all[place]?.id, to })) };
}

test('[WFV-4] a workflow that many nodes run is asked for and read once, and so are those that it runs', async () => {
  const [outer, inner] = [newId<AppId>(), newId<AppId>()];
  const definitions = new Map<AppId, object>([
    [outer, running(Array.from({ length: 10 }, () => inner))],
    [inner, running([])],
  ]);
  const asked: AppId[] = [];
  const read: AppId[] = [];
  const references = new WorkflowReferences({
    models: { check: async () => undefined },
    knowsTool: () => true,
    assistant: async () => null,
    workflow: async (_, id) => asked.push(id),
    stored: async (id) => {
      read.push(id);
      return { id, name: 'Inner', version: 1, definition: definitions.get(id), ownerId: null, status: 'published' };
    },
  });
  const many = running(Array.from({ length: 10 }, () => outer));
  expect(await references.problems('ann' as UserId, newId<AppId>(), many)).toEqual([]);
  expect([asked, read.toSorted()]).toEqual([[outer], [outer, inner].toSorted()]);
});
