import type { CallTimes } from '../../assistant/run-step.ts';
import type { Outbound } from '../../tools/outbound/outbound.ts';
import type { NodeExecutors } from '../node-executor.ts';
import type { CodeSandbox } from '../sandbox/code-sandbox.ts';
import { createAssistant } from './assistant.ts';
import type { AssistantNodeOptions } from './assistant.ts';
import { createCode } from './code.ts';
import { createHttp } from './http.ts';
import { createTool } from './tool.ts';

export interface ReachingExecutorsOptions extends AssistantNodeOptions, CallTimes {
  readonly sandbox: Pick<CodeSandbox, 'run'>;
  readonly outbound: Outbound;
}

/** The nodes that have others work for them: programs, servers, tools and assistants. */
export function createReachingExecutors(options: ReachingExecutorsOptions) {
  const { sandbox, outbound, tools, aliveMs } = options;
  return {
    code: createCode(sandbox, aliveMs),
    http: createHttp(outbound, aliveMs),
    tool: createTool(tools, options),
    assistant: createAssistant(options, options),
  } satisfies Partial<NodeExecutors>;
}
