import { aliveWhile } from '../../alive-while.ts';
import type { NodeExecutor } from '../node-executor.ts';
import type { CodeSandbox } from '../sandbox/code-sandbox.ts';

/** Runs the program of the node in the sandbox. */
export function createCode(sandbox: Pick<CodeSandbox, 'run'>, aliveMs: number): NodeExecutor<'code'> {
  return async function* code({ id: nodeId, code, inputs, outputs }, { run, values, signal }) {
    const given = values.json(inputs) as Record<string, unknown>;
    const work = sandbox.run({ nodeId, owner: run.userId, code, inputs: given, outputs }, signal);
    return { outputs: yield* aliveWhile(work, aliveMs) };
  };
}
