import type { NodeExecutor } from '../node-executor.ts';

/** Begins another workflow: its start is given what this hands in. What it makes in the end is the engine's. */
export const subworkflow: NodeExecutor<'subworkflow'> = async function* subworkflow(node, { values }) {
  yield* [];
  return { outputs: { input: values.json(node.input) } };
};
