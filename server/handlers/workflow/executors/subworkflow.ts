import type { NodeExecutor, NodeOutputs } from '../node-executor.ts';

/** Begins another workflow: its start is given what this hands in. What it makes in the end is the engine's. */
export const subworkflow: NodeExecutor<'subworkflow'> = async function* subworkflow(node, { values }) {
  yield* [];
  const input = values.json(node.input) as NodeOutputs;
  // A message is a text, whatever it is made of.
  const { message } = node.input;
  return { outputs: { input: typeof message === 'string' ? { ...input, message: values.text(message) } : input } };
};
