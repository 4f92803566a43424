import { describe, expect, test } from 'vitest';
import { createCode } from '../../../../../../server/handlers/workflow/executors/code.ts';
import { CodeSandbox } from '../../../../../../server/handlers/workflow/sandbox/code-sandbox.ts';
import type { WorkflowNodeOf } from '../../../../../../shared/workflow-node.ts';
import { nodeContext, worked } from '../node-context.ts';

const node: WorkflowNodeOf<'code'> = {
  id: 'sum',
  title: 'Sum',
  type: 'code',
  code: 'function main({ numbers, text }) { return { total: numbers.reduce((a, b) => a + b), text } }',
  inputs: { numbers: '{{list.items}}', text: 'of {{list.name}}' },
  outputs: [
    { key: 'total', type: 'number' },
    { key: 'text', type: 'text' },
  ],
};
const outputs = { list: { items: [1, 2, 3], name: 'cats' } };

describe('a code node', () => {
  test('[NODE-1] gives its program what is filled in, and makes what that returns', async () => {
    const sandbox = new CodeSandbox();
    const { result } = await worked(createCode(sandbox, 60_000), node, { outputs });
    expect(result).toEqual({ outputs: { total: 6, text: 'of cats' } });
    await sandbox.close();
  });

  test('[NODE-1] tells that it lives while its program works, and ends it with the run', async () => {
    const sandbox = new CodeSandbox({ codeMs: 60_000, codeRuns: 1, codeWaitMs: 60_000 });
    const stop = new AbortController();
    const endless = { ...node, code: 'for (;;);' };
    const work = createCode(sandbox, 20)(endless, nodeContext({ outputs, signal: stop.signal }));
    expect(await work.next()).toEqual({ done: false, value: { type: 'alive' } });
    stop.abort(new Error('stopped'));
    await expect(work.next()).rejects.toThrow('stopped');
    await sandbox.close();
  });
});
