import type { Outbound } from '../../tools/outbound/outbound.ts';
import type { NodeExecutors } from '../node-executor.ts';
import type { CodeSandbox } from '../sandbox/code-sandbox.ts';
import { createAssistant } from './assistant.ts';
import type { AssistantNodeOptions } from './assistant.ts';
import { createCode } from './code.ts';
import { createHttp } from './http.ts';
import { createTool } from './tool.ts';

export interface ReachingExecutorsOptions extends AssistantNodeOptions {
  readonly sandbox: Pick<CodeSandbox, 'run'>;
  readonly outbound: Outbound;
  /** Milliseconds from one sign of life to the next while others work. */
  readonly aliveMs: number;
}

/** The nodes that have others work for them: programs, servers, tools and assistants. */
export function createReachingExecutors(options: ReachingExecutorsOptions) {
  const { sandbox, outbound, tools, aliveMs } = options;
  return {
    code: createCode(sandbox, aliveMs),
    http: createHttp(outbound, aliveMs),
    tool: createTool(tools, aliveMs),
    assistant: createAssistant(options, aliveMs),
  } satisfies Partial<NodeExecutors>;
}
