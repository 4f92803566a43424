import type { HandlersOptions } from '../../server/handlers/index.ts';
import { createOutbound } from '../../server/handlers/tools/outbound/outbound.ts';
import { CodeSandbox } from '../../server/handlers/workflow/sandbox/code-sandbox.ts';

/** What nodes of workflows reach others by, where a test has nothing to be reached. No thread is started before it is used. */
export function nothingToReach(): Pick<HandlersOptions, 'assistantOf' | 'outbound' | 'sandbox'> {
  return { assistantOf: async () => null, outbound: createOutbound(), sandbox: new CodeSandbox() };
}
