import type { NodeExecutor } from '../node-executor.ts';

/** Makes what the workflow gives to one that has run it. */
export const end: NodeExecutor<'end'> = async function* end(node, { values }) {
  yield* [];
  return { outputs: { output: values.json(node.output ?? null) } };
};
