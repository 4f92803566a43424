import { describe, expect, test } from 'vitest';
import { newId } from '../../../../../shared/new-id.ts';
import type { AppId } from '../../../../../shared/ids.ts';
import { createModels } from '../../../../../server/handlers/models.ts';
import { createWorkflowHandler } from '../../../../../server/handlers/workflow/workflow-handler.ts';
import type { WorkflowDefinition } from '../../../../../shared/workflow.ts';
import { checkWorkflow } from '../../../../../server/handlers/workflow/check-workflow.ts';
import { createLoadWorkflow } from '../../../../../server/handlers/workflow/load-workflow.ts';
import { memoryCheckpoints } from '../../../../helpers/memory-checkpoints.ts';
import { checkDefinition, workflowExecutors } from '../../../../helpers/workflows.ts';
import { startModelProvider } from '../../../../helpers/model-provider.ts';
import type { ModelProvider, ProviderChunk } from '../../../../helpers/model-provider.ts';
import { codeOf, handlerRun, produce } from '../handler-run.ts';

const ask = (id: string, prompt: string, fields: object = {}) => ({
  id,
  title: `Ask ${id}`,
  type: 'llm',
  model: null,
  system: '',
  prompt,
  stream: true,
  ...fields,
});
const say = (id: string, text: string) => ({ id, title: `Say ${id}`, type: 'output', text });

/** The nodes in a line, between a start and an end. */
function line(...between: readonly { id: string }[]): unknown {
  const nodes = [{ id: 'start', title: 'Start', type: 'start' }, ...between, { id: 'end', title: 'End', type: 'end' }];
  return { nodes, edges: nodes.slice(1).map((node, index) => ({ from: nodes[index]?.id, to: node.id })) };
}

/** Lines of nodes are checked for more than their schema. */
function checked(name: string, definition: unknown): WorkflowDefinition {
  checkWorkflow(name, definition);
  return checkDefinition(name, definition);
}

function run(provider: ModelProvider, definition: unknown, text = 'hello', signal?: AbortSignal) {
  const models = createModels({ openaiBaseUrl: provider.url, defaultModel: 'openai:local' });
  const found = { id: newId<AppId>(), name: 'Flow', description: '', published: true, version: 1, definition };
  let clock = 0;
  const handler = createWorkflowHandler({
    load: createLoadWorkflow({ workflow: async () => found, mayRun: async () => true, check: checked }),
    executors: workflowExecutors(models),
    checkpoints: memoryCheckpoints(),
    inspects: async () => false,
    now: () => (clock += 5),
  });
  return produce(handler, handlerRun(text, [], 'workflow'), signal);
}

function provide(...chunks: readonly ProviderChunk[]): Promise<ModelProvider> {
  return startModelProvider({ answer: () => chunks });
}

describe('a workflow', () => {
  test('[WFL-9] fails when a model writes more for a node than an answer may have', async () => {
    const long = Array.from({ length: 11 }, () => 'x'.repeat(100_000));
    await using provider = await provide(...long);
    const { text, error } = await run(provider, line(ask('think', 'go on', { stream: false }), say('tell', 'done')));
    expect({ text, code: codeOf(error) }).toEqual({ text: '', code: 'ANSWER_TOO_LARGE' });
    expect((error as Error).message).toMatch(/node think/);
  });

  test('[WFL-1] runs its nodes in order, and tells when each begins and ends', async () => {
    await using provider = await provide('answer');
    const { events, error } = await run(provider, line(ask('think', '{{start.message}}'), say('tell', 'done')));
    expect(error).toBeNull();
    const nodes = events.filter((event) => event.type === 'node.started' || event.type === 'node.finished');
    expect(nodes.map((event) => `${event.type} ${event.nodeId}`)).toEqual(
      ['start', 'think', 'tell', 'end'].flatMap((id) => [`node.started ${id}`, `node.finished ${id}`]),
    );
    expect(nodes[3]).toEqual({ type: 'node.finished', nodeId: 'think', title: 'Ask think', durationMs: 5 });
  });

  test('[WFL-2] fills its templates with what the person wrote and what earlier nodes answered', async () => {
    await using provider = await startModelProvider({ answer: ({ index }) => [`answer ${index}`] });
    const definition = line(
      ask('one', 'About {{start.message}}', { system: 'For {{ start.message }}', stream: false }),
      ask('two', 'Shorten: {{one.output}}', { stream: false }),
      say('tell', '{{one.output}}, then {{two.output}}.'),
    );
    const { text } = await run(provider, definition, 'cats');
    expect(text).toBe('answer 0, then answer 1.');
    expect(provider.requests.map((request) => request.body.messages)).toEqual([
      [
        { role: 'system', content: 'For cats' },
        { role: 'user', content: 'About cats' },
      ],
      [{ role: 'user', content: 'Shorten: answer 0' }],
    ]);
  });

  test('[WFL-2] does not fill in what a person wrote', async () => {
    await using provider = await provide('secret');
    const definition = line(ask('one', 'x', { stream: false }), say('tell', 'You wrote {{start.message}}'));
    expect((await run(provider, definition, '{{one.output}} $& $1')).text).toBe('You wrote {{one.output}} $& $1');
  });

  test('[WFL-3] shows an answer as it comes where the node streams, its reasoning too', async () => {
    await using provider = await provide({ reasoning: 'hm' }, 'one ', 'two');
    const { events } = await run(provider, line(ask('think', 'x')));
    const shown = events.filter((event) => event.type === 'text' || event.type === 'reasoning');
    expect(shown.map((event) => event.text)).toEqual(['hm', 'one ', 'two']);
  });

  test('[WFL-3] shows nothing of an answer where the node does not stream, but that it is alive', async () => {
    await using provider = await provide({ reasoning: 'hm' }, 'one ', 'two');
    const { events } = await run(provider, line(ask('think', 'x', { stream: false })));
    expect(events.filter((event) => event.type === 'text' || event.type === 'reasoning')).toEqual([]);
    expect(events.filter((event) => event.type === 'alive').length).toBeGreaterThanOrEqual(3);
  });

  test('[WFL-4] has a blank line between the texts of two nodes, and nowhere else', async () => {
    await using provider = await provide('a', 'b');
    const definition = line(ask('think', 'x'), say('empty', ''), say('tell', 'c'), ask('again', 'y'));
    expect((await run(provider, definition)).text).toBe('ab\n\nc\n\nab');
  });

  test('[WFL-5] counts the usage of all its models together', async () => {
    await using provider = await startModelProvider({
      answer: ({ index }) => ['x', { usage: { input: 10 + index, output: 1 + index } }],
    });
    const { usage, events } = await run(provider, line(ask('one', 'x'), ask('two', 'y')));
    expect(usage).toEqual({ inputTokens: 21, outputTokens: 3, source: 'reported' });
    expect(events.filter((event) => event.type === 'model')).toEqual([{ type: 'model', model: 'openai:local' }]);
  });

  test('[WFL-5] counts as estimated when one of its models reported nothing', async () => {
    await using provider = await startModelProvider({
      answer: ({ index }) => ['xxxx', { usage: index === 0 ? { input: 10, output: 1 } : null }],
    });
    const { usage } = await run(provider, line(ask('one', 'x'), ask('two', 'y')));
    expect(usage).toEqual({ inputTokens: 11, outputTokens: 2, source: 'estimated' });
  });
});

describe('a workflow that cannot go on', () => {
  test('[WFL-6] fails with the error of its model, and keeps what came', async () => {
    await using provider = await provide('half', { end: 'close' });
    const { text, error, events } = await run(provider, line(ask('think', 'x'), say('tell', 'never')));
    expect(text).toBe('half');
    expect(codeOf(error)).toBe('MODEL_BROKEN_STREAM');
    expect(events.some((event) => event.type === 'node.started' && event.nodeId === 'tell')).toBe(false);
  });

  test('[WFL-6] is left at once when it is aborted, and the provider sees it', async () => {
    await using provider = await provide('half', { end: 'hang' });
    const stop = new AbortController();
    const running = run(provider, line(ask('think', 'x')), 'hello', stop.signal);
    await expect.poll(() => provider.open(), { interval: 5 }).toBe(1);
    stop.abort(new Error('stopped'));
    expect(((await running).error as Error).message).toBe('stopped');
    await expect.poll(() => [provider.open(), provider.aborted()], { timeout: 2_000 }).toEqual([0, 1]);
  });

  test('[WFL-7] runs nothing of a definition that is not valid', async () => {
    await using provider = await provide('answer');
    const { events, error } = await run(provider, line(ask('think', '{{nobody.output}}')));
    expect(codeOf(error)).toBe('WORKFLOW_INVALID');
    expect(events).toEqual([]);
    expect(provider.requests).toEqual([]);
  });

  test('[WFL-8] that is gone is NOT_FOUND', async () => {
    const handler = createWorkflowHandler({
      load: createLoadWorkflow({ workflow: async () => null, mayRun: async () => true, check: checkDefinition }),
      executors: workflowExecutors(createModels({})),
      checkpoints: memoryCheckpoints(),
      inspects: async () => false,
    });
    expect(codeOf((await produce(handler, handlerRun('hello', [], 'workflow'))).error)).toBe('NOT_FOUND');
  });
});
