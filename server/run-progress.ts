import { limits } from '../shared/limits.ts';
import type { NodeProgress } from '../shared/node-progress.ts';

/**
 * How far a run's nodes have come, for a snapshot: what went into them and came out of them is told of those that were
 * told last, up to `snapshotValues`; of the others it is left out. Undefined where there are no nodes.
 */
export function toldProgress(nodes: readonly NodeProgress[]): NodeProgress[] | undefined {
  if (nodes.length === 0) return undefined;
  let room: number = limits.snapshotValues;
  const told = nodes.toReversed().map((node) => {
    room -= lengthOfValues(node);
    return room < 0 ? withoutValues(node) : node;
  });
  return told.toReversed();
}

/** An event or a state of a node without what only those see who may edit the workflow. */
export function withoutValues<Told extends Pick<NodeProgress, 'inputs' | 'outputs' | 'error'>>(
  node: Told,
): Omit<Told, 'inputs' | 'outputs' | 'error'> {
  const { inputs: _inputs, outputs: _outputs, error: _error, ...told } = node;
  return told;
}

function lengthOfValues({ inputs, outputs }: NodeProgress): number {
  return inputs || outputs ? JSON.stringify([inputs, outputs]).length : 0;
}
