import { expect, test } from 'vitest';
import type { InputAnswer } from '../../../../../db/store.ts';
import type { HandlerRun } from '../../../../../server/handlers/handler.ts';
import type { NodeExecutor } from '../../../../../server/handlers/workflow/node-executor.ts';
import { createWorkflowHandler } from '../../../../../server/handlers/workflow/workflow-handler.ts';
import type { WorkflowLimits } from '../../../../../server/handlers/workflow/workflow-stretch.ts';
import type { AppId, InputId } from '../../../../../shared/ids.ts';
import { limits } from '../../../../../shared/limits.ts';
import { newId } from '../../../../../shared/new-id.ts';
import { memoryCheckpoints } from '../../../../helpers/memory-checkpoints.ts';
import { definitionOf } from '../../../../helpers/own-workflow.ts';
import { checkDefinition, workflowExecutors } from '../../../../helpers/workflows.ts';
import { codeOf, handlerRun, produce } from '../handler-run.ts';

const definition = definitionOf(
  [
    { id: 'start', type: 'start' },
    { id: 'ask', type: 'assistant', assistantId: newId(), prompt: 'x', stream: true },
    { id: 'say', type: 'output', text: 'Done.' },
    { id: 'end', type: 'end' },
  ],
  ['start > ask', 'ask > say', 'say > end'],
);

let now = 0;

/** Takes 60 tokens of a model and 60 ms before its question, and as much after the answer. */
const asking: NodeExecutor<'assistant'> = async function* asking(_, { resumed }) {
  now += 60;
  yield { type: 'model', model: 'own:model' };
  yield { type: 'usage', usage: { inputTokens: 50, outputTokens: 10, source: 'reported' } };
  if (resumed) return { outputs: { output: 'x' } };
  const schema = { type: 'string' };
  yield { type: 'ask', input: { id: newId<InputId>(), kind: 'text', prompt: '?', schema } };
  return { outputs: {} };
};

function begin(more: Partial<WorkflowLimits> = {}) {
  const handler = createWorkflowHandler({
    load: async (id) => ({
      id,
      version: 1,
      definition: checkDefinition('', definition),
      ownerId: null,
      status: 'published',
    }),
    executors: {
      ...workflowExecutors({ resolve: () => Promise.reject(new Error('no model is asked')) }),
      assistant: asking,
    },
    checkpoints: memoryCheckpoints(),
    inspects: async () => false,
    limits: { ...limits, ...more },
    now: () => now,
  });
  const run = { ...handlerRun('hello', [], 'workflow'), app: { kind: 'workflow', id: 'main' as AppId } } as const;
  return {
    recall: () => handler.recall(run.id),
    stretch: (resumed: HandlerRun['resumed']) => produce(handler, { ...run, resumed }),
  };
}

async function answered({ stretch }: ReturnType<typeof begin>) {
  const last = (await stretch(null)).events.at(-1);
  if (last?.type !== 'ask') throw new Error('expected a question');
  const { id: inputId, kind, subject } = last.input;
  const answer: InputAnswer = { inputId, kind, subject, value: 'yes', answeredBy: 'ann', expired: false };
  return stretch({ parts: [], answers: [answer] });
}

test('[WFE-10] what a node has used before it asked counts for the limits of its run', async () => {
  const { text, usage } = await answered(begin());
  expect(text).toBe('Done.');
  // Of this stretch: what came before its question is known already.
  expect(usage).toEqual({ inputTokens: 50, outputTokens: 10, source: 'reported' });
  expect(codeOf((await answered(begin({ workflowTokens: 119 }))).error)).toBe('WORKFLOW_LIMIT');
  expect((await answered(begin({ workflowTokens: 120 }))).error).toBeNull();
});

test('[WFE-10] and so does the time that it has worked', async () => {
  expect(codeOf((await answered(begin({ workflowMs: 119 }))).error)).toBe('WORKFLOW_LIMIT');
  expect((await answered(begin({ workflowMs: 120 }))).error).toBeNull();
});

test('[WFC-10] what is certain of a run includes what a node has used that asks', async () => {
  const run = begin();
  await run.stretch(null);
  expect(await run.recall()).toMatchObject({
    usage: { inputTokens: 50, outputTokens: 10, source: 'reported' },
    model: 'own:model',
    unfinished: ['ask'],
  });
  await answered(run);
  expect(await run.recall()).toMatchObject({ usage: { inputTokens: 100, outputTokens: 20 } });
});
