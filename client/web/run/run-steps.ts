import type { NodeProgress } from '../../../shared/node-progress.ts';
import type { RunStatus } from '../../../shared/run.ts';
import type { NodeLook } from '../graph/node-look.ts';
import { inOrder } from '../graph/in-order.ts';
import type { WorkflowGraph } from '../graph/workflow-graph.ts';

/** One node of a run, for a reader. */
export interface Step extends Pick<NodeProgress, 'title' | 'durationMs' | 'inputs' | 'outputs' | 'branch' | 'error'> {
  readonly id: string;
  /** Null where only its progress is known. */
  readonly type: string | null;
  readonly look: Exclude<NodeLook, 'plain' | 'wrong'>;
}

/**
 * The nodes of a run in the order in which a reader follows them: those of a subworkflow after it, and those that the
 * graph does not have last.
 */
export function stepsOf(
  graph: WorkflowGraph | null,
  progress: readonly NodeProgress[],
  status: RunStatus,
): readonly Step[] {
  const told = new Map(progress.map((node) => [node.nodeId, node]));
  const drawn = graph ? inOrder(graph) : [];
  const known = new Set(drawn.map(({ id }) => id));
  const others = Map.groupBy(
    progress.filter(({ nodeId }) => !known.has(nodeId)),
    ({ nodeId }) => nodeId.split('/', 1)[0] ?? '',
  );
  const stepsIn = (id: string): Step[] => (others.get(id) ?? []).map((node) => innerStep(node, status));
  return [
    ...drawn.flatMap((node) => [stepOf(node, told.get(node.id), status), ...stepsIn(node.id)]),
    ...[...others.keys()].filter((id) => !known.has(id)).flatMap(stepsIn),
  ];
}

/** How far the run is, in a line. */
export function wordsOfRun(steps: readonly Step[], status: RunStatus): string {
  const done = steps.filter(({ look }) => look === 'finished').length;
  const at = steps.find(({ look }) => look === 'asking') ?? steps.find(({ look }) => look === 'running');
  const failed = steps.find(({ look }) => look === 'failed');
  const count = `${done} of ${steps.length} steps`;
  if (at) return at.look === 'asking' ? `${count}, waits for you at ${at.title}` : `${count}, at ${at.title}`;
  if (failed && status === 'failed') return `${count}, failed at ${failed.title}`;
  return isOver(status) ? `${count}, ${status}` : count;
}

function innerStep(progress: NodeProgress, status: RunStatus): Step {
  return stepOf({ id: progress.nodeId, title: progress.title, type: null }, progress, status);
}

function stepOf(
  node: Pick<Step, 'id' | 'title' | 'type'>,
  progress: NodeProgress | undefined,
  status: RunStatus,
): Step {
  const { durationMs, inputs, outputs, branch, error } = progress ?? {};
  return {
    ...node,
    look: lookOf(progress, status),
    ...(durationMs !== undefined && { durationMs }),
    ...(inputs && { inputs }),
    ...(outputs && { outputs }),
    ...(branch !== undefined && { branch }),
    ...(error && { error }),
  };
}

function lookOf(progress: NodeProgress | undefined, status: RunStatus): Step['look'] {
  if (!progress) return isOver(status) ? 'skipped' : 'waiting';
  if (progress.status !== 'running') return progress.status;
  if (status === 'waiting') return 'asking';
  if (status === 'failed') return 'failed';
  return isOver(status) ? 'stopped' : 'running';
}

function isOver(status: RunStatus): boolean {
  return status !== 'queued' && status !== 'running' && status !== 'waiting';
}
