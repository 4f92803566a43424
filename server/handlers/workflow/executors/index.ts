import type { Models } from '../../models.ts';
import type { NodeExecutors, RuleMatcher } from '../node-executor.ts';
import { end } from './end.ts';
import { input } from './input.ts';
import { createLlm } from './llm.ts';
import { createLoop } from './loop.ts';
import { output } from './output.ts';
import { start } from './start.ts';
import { subworkflow } from './subworkflow.ts';

export interface ConversationExecutorsOptions {
  readonly models: Pick<Models, 'resolve'>;
  readonly matches: RuleMatcher;
}

/** The nodes of a conversation and of the flow between nodes; those that reach outside have executors of their own. */
export function createConversationExecutors({ models, matches }: ConversationExecutorsOptions) {
  return {
    start,
    input,
    output,
    end,
    subworkflow,
    llm: createLlm(models),
    loop: createLoop(matches),
  } satisfies Partial<NodeExecutors>;
}
