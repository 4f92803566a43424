import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { AssistantVersion } from '../../../../../../shared/assistant-settings.ts';
import type { InputAnswer } from '../../../../../../db/store.ts';
import { createModels } from '../../../../../../server/handlers/models.ts';
import { createTools } from '../../../../../../server/handlers/tools/tool-registry.ts';
import { defineTool } from '../../../../../../server/handlers/tools/tool.ts';
import { createAssistant } from '../../../../../../server/handlers/workflow/executors/assistant.ts';
import type { HandlerEvent } from '../../../../../../server/handlers/handler.ts';
import type { AppId } from '../../../../../../shared/ids.ts';
import type { Part } from '../../../../../../shared/message.ts';
import { newId } from '../../../../../../shared/new-id.ts';
import type { WorkflowNodeOf } from '../../../../../../shared/workflow-node.ts';
import { startModelProvider } from '../../../../../helpers/model-provider.ts';
import type { ModelProvider, ProviderChunk } from '../../../../../helpers/model-provider.ts';
import { codeOf, sampleAssistant } from '../../handler-run.ts';
import { questionIn, worked } from '../node-context.ts';
import type { NodeSurroundings } from '../node-context.ts';

const add = defineTool({
  name: 'add',
  description: 'Adds two numbers.',
  schema: z.object({ a: z.number(), b: z.number() }),
  readOnly: true,
  execute: ({ a, b }) => a + b,
});

const node: WorkflowNodeOf<'assistant'> = {
  id: 'tutor',
  title: 'Tutor',
  type: 'assistant',
  assistantId: newId<AppId>(),
  prompt: 'About {{start.message}}',
  stream: true,
};
const outputs = { start: { message: 'cats' } };
const call: ProviderChunk = { call: 'add', args: { a: 1, b: 2 } };

function provide(...script: readonly (readonly ProviderChunk[])[]): Promise<ModelProvider> {
  return startModelProvider({ answer: ({ index }) => script[index] ?? [] });
}

function ask(
  provider: ModelProvider,
  found: Partial<AssistantVersion> | null,
  around: NodeSurroundings = {},
  changed: Partial<typeof node> = {},
) {
  const models = createModels({ openaiBaseUrl: provider.url, defaultModel: 'openai:double' });
  const assistant = async () => found && sampleAssistant(found);
  const executor = createAssistant(
    { models, tools: createTools({ own: [add] }), assistant },
    { aliveMs: 60_000, approvalMs: 60_000 },
  );
  return worked(executor, { ...node, ...changed }, { outputs, ...around });
}

function textOf(events: readonly HandlerEvent[]): string {
  return events.map((event) => (event.type === 'text' ? event.text : '')).join('');
}

describe('an assistant node', () => {
  test('[NODE-8] asks the assistant with its prompt and settings, and makes what it says', async () => {
    await using provider = await provide(['Cats ', 'purr.']);
    const { events, result } = await ask(provider, { prompt: 'You are a tutor.' });
    expect(result).toEqual({ outputs: { output: 'Cats purr.' } });
    expect(textOf(events)).toBe('Cats purr.');
    expect(events).toContainEqual({ type: 'model', model: 'openai:double' });
    expect(events.at(-1)).toMatchObject({ type: 'usage' });
    expect(provider.requests.map(({ body }) => body.messages)).toEqual([
      [
        { role: 'system', content: 'You are a tutor.' },
        { role: 'user', content: 'About cats' },
      ],
    ]);
  });

  test('[NODE-8] calls its tools, and makes what it says at last', async () => {
    await using provider = await provide(['Let me see.', call], ['It is 3.']);
    const { events, result } = await ask(provider, { tools: [{ name: 'add' }] });
    expect(result.outputs).toEqual({ output: 'It is 3.' });
    expect(textOf(events)).toBe('Let me see.It is 3.');
    expect(events).toContainEqual(
      expect.objectContaining({ value: expect.objectContaining({ name: 'add', output: 3 }) }),
    );
  });

  test('[NODE-8] shows nothing but its calls where it does not stream', async () => {
    await using provider = await provide(['Let me see.', call], ['It is 3.']);
    const { events, result } = await ask(provider, { tools: [{ name: 'add' }] }, {}, { stream: false });
    expect(result.outputs).toEqual({ output: 'It is 3.' });
    expect(textOf(events)).toBe('');
    expect(events.some(({ type }) => type === 'part')).toBe(true);
  });

  test('[NODE-9] asks a person before a call that needs it, and goes on with the answer', async () => {
    await using provider = await provide([call], ['It is 3.']);
    const found = { tools: [{ name: 'add', approval: true }] };
    const { events } = await ask(provider, found);
    const { id: inputId } = questionIn(events);
    const parts = events.flatMap((event): Part[] => (event.type === 'part' ? [event.value] : []));
    const answer = { inputId, value: { decision: 'approve' }, expired: false, answeredBy: 'local' };
    const { result } = await ask(provider, found, { resumed: { parts, answers: [answer as InputAnswer] } });
    expect(result.outputs).toEqual({ output: 'It is 3.' });
    expect(provider.requests).toHaveLength(2);
    expect(provider.requests[1]?.body.messages.map(({ role }) => role)).toEqual([
      'system',
      'user',
      'assistant',
      'tool',
    ]);
  });

  test('[NODE-8] is told of no assistant that there is not, or not for whoever chats', async () => {
    await using provider = await provide();
    const error = await ask(provider, null).catch((error: unknown) => error);
    expect([codeOf(error), (error as Error).message]).toEqual(['NOT_FOUND', expect.stringMatching(/^node tutor asks/)]);
    expect(provider.requests).toEqual([]);
  });

  test('[NODE-8] fails as its model does, and is left when the run is', async () => {
    await using provider = await startModelProvider({ answer: () => ['so far', { end: 'reset' }] });
    expect(codeOf(await ask(provider, {}).catch((error: unknown) => error))).toBe('MODEL_BROKEN_STREAM');
    const signal = AbortSignal.abort(new Error('stopped'));
    await expect(ask(provider, {}, { signal })).rejects.toThrow('stopped');
  });
});
