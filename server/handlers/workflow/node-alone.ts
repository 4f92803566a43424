import { SwitchboardError } from '../../../shared/errors.ts';
import { nodesOf } from '../../../shared/readable-nodes.ts';
import type { Edge, WorkflowDefinition } from '../../../shared/workflow.ts';
import type { WorkflowNode } from '../../../shared/workflow-node.ts';
import { waysOut } from '../../../shared/workflow-ways.ts';
import type { NodeTest } from '../../../shared/workflow-trial.ts';
import type { NodeOutputs } from './node-executor.ts';

/**
 * The workflow of a node that is tested: from the start to it, and by whatever way out to an end. The rest of the draft may
 * be as unfinished as it is.
 *
 * Errors: `NOT_FOUND` when the version that the run started with has no such node.
 */
export function nodeAlone(definition: unknown, nodeId: string): WorkflowDefinition {
  const nodes = nodesOf(definition);
  const node = nodes.find(({ id }) => id === nodeId);
  if (!node) throw new SwitchboardError('NOT_FOUND', `the workflow has no node ${nodeId} (any more)`);
  const start =
    nodes.find(({ type }) => type === 'start') ?? ({ id: `${nodeId}_start`, title: '', type: 'start' } as const);
  // Longer than the others, so it is none of them.
  const endId = `${start.id}_${nodeId}_end`;
  const end: WorkflowNode = { id: endId, title: '', type: 'end' };
  const onwards = waysOut(node, false).map(({ branch }): Edge => ({
    from: nodeId,
    to: endId,
    ...(branch !== undefined && { branch }),
  }));
  const towards = node === start ? [] : [{ from: start.id, to: nodeId }];
  return { nodes: [...new Set([start, node]), end], edges: [...towards, ...onwards] };
}

/** Values of variables by their nodes. */
export function testValues({ values }: NodeTest): Readonly<Record<string, NodeOutputs>> {
  const byNode = Object.groupBy(Object.entries(values), ([name]) => name.split('.')[0] ?? '');
  return Object.fromEntries(
    Object.entries(byNode).map(([id, entries = []]) => [
      id,
      Object.fromEntries(entries.map(([name, value]) => [name.slice(id.length + 1), value])),
    ]),
  );
}
