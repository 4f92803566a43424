import type { NodeEvent } from './events.ts';
import type { NodeProgress } from './node-progress.ts';

/**
 * How far the nodes of a run have come after one more event: in the order in which they were first told. Pure, and the
 * same again when the event comes twice.
 */
export function foldNode(nodes: readonly NodeProgress[], event: NodeEvent): NodeProgress[] {
  const index = nodes.findIndex(({ nodeId }) => nodeId === event.nodeId);
  const next = progressOf(nodes[index], event);
  return index < 0 ? [...nodes, next] : nodes.with(index, next);
}

/** The same of one node; undefined: nothing has been told of it yet. */
export function progressOf(before: NodeProgress | undefined, event: NodeEvent): NodeProgress {
  const { type: _type, runId: _runId, ...told } = event;
  if (event.type === 'node.started') return { ...told, status: 'running' };
  const { inputs } = before ?? {};
  return { ...(inputs && { inputs }), ...told, status: event.error ? 'failed' : 'finished' };
}
