import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Chat } from '../../shared/chat.ts';
import { newId } from '../../shared/new-id.ts';
import { textOf } from '../../shared/message.ts';
import type { WorkflowDetails, WorkflowProblem, WorkflowSummary } from '../../shared/workflow.ts';
import type { WorkflowVersion } from '../../shared/workflow-settings.ts';
import type { NodeLogEntry } from '../../shared/workflow-trial.ts';
import { brokenWorkflow, echoWorkflow } from '../helpers/echo-workflow.ts';
import { RawClient } from '../helpers/raw-client.ts';
import { startServerWithModel } from '../helpers/server.ts';
import type { ServerWithModel } from '../helpers/server.ts';
import { workflowId as seeded } from '../helpers/store-chat.ts';
import { authSecret, tokenFor } from '../helpers/tokens.ts';

const answering = { answer: () => ['A ', 'model'] };

const line = (...nodes: readonly object[]) => {
  const all = [
    {
      id: 'start',
      title: 'Start',
      type: 'start',
      variables: [
        { key: 'tone', type: 'text', default: 'kind' },
        { key: 'count', type: 'number' },
      ],
    },
    ...nodes,
    { id: 'end', title: 'End', type: 'end' },
  ] as readonly { id: string }[];
  return { nodes: all, edges: all.slice(1).map(({ id: to }, place) => ({ from: all[place]?.id, to })) };
};
const think = {
  id: 'think',
  title: 'Think',
  type: 'llm',
  model: null,
  system: '',
  prompt: '{{start.tone}}',
  stream: false,
};
const tell = { id: 'tell', title: 'Tell', type: 'output', text: '{{start.tone}} {{start.count}}: {{think.output}}' };

describe('workflows of people', () => {
  let running: ServerWithModel;
  beforeAll(async () => {
    running = await startServerWithModel(answering, { authSecret });
  });
  afterAll(() => running[Symbol.asyncDispose]());

  const connectAs = async (user: string) => RawClient.connect(running.url, { token: await tokenFor(user) });
  const make = (client: RawClient, definition: unknown = echoWorkflow) =>
    client.mutate<WorkflowDetails>('workflow.create', { name: 'Echo', definition });
  const chatWith = (client: RawClient, id: string, more: object = {}) =>
    client.mutate<Chat>('chat.create', { app: { kind: 'workflow', id }, ...more });

  async function say(client: RawClient, chatId: string, message: object) {
    const stream = client.stream({ chatId });
    await stream.until(({ types }) => types.includes('snapshot'));
    const { runId } = await client.mutate<{ runId: string }>('chat.send', { chatId, ...message });
    await stream.untilEnded();
    return { stream, runId };
  }

  test('[WFM-1] one is made, seen, published, changed and deleted', async () => {
    await using ann = await connectAs('ann');
    await using bob = await connectAs('bob');
    const made = await make(ann);
    expect(made).toMatchObject({ name: 'Echo', published: false, version: 1, owned: true, definition: echoWorkflow });
    const { id: workflowId } = made;
    const list = async (client: RawClient, mine = true) =>
      (await client.query<{ workflows: WorkflowSummary[] }>('workflow.list', { mine })).workflows.map(({ id }) => id);
    expect([await list(ann), await list(bob, false)]).toEqual([[workflowId], expect.not.arrayContaining([workflowId])]);
    await expect(chatWith(bob, workflowId)).rejects.toMatchObject({ data: { code: 'NOT_FOUND' } });
    await ann.mutate('workflow.publish', { workflowId });
    expect([await list(bob), await list(bob, false)]).toEqual([[], expect.arrayContaining([seeded, workflowId])]);
    const seen = await bob.query<WorkflowDetails>('workflow.get', { workflowId });
    expect(seen).toMatchObject({
      name: 'Echo',
      guideWord: 'Say something',
      guideQuestions: ['Who is there?'],
      owned: false,
    });
    expect(seen).not.toHaveProperty('definition');
    expect(seen.outline).toEqual({
      nodes: echoWorkflow.nodes.map(({ id, title, type }) => ({ id, title, type })),
      edges: echoWorkflow.edges,
    });
    const updated = await ann.mutate<WorkflowDetails>('workflow.update', { workflowId, description: 'Says it again.' });
    expect(updated).toMatchObject({ version: 2, published: true, definition: echoWorkflow });
    expect(await ann.mutate('workflow.delete', { workflowId })).toEqual({ workflowId });
    expect([await list(ann), await list(bob, false)]).toEqual([[], expect.not.arrayContaining([workflowId])]);
    expect(await bob.query('workflow.get', { workflowId: seeded })).toHaveProperty('definition');
  });

  test('[WFM-3] [WFM-4] versions are kept, and a change of an older one is refused', async () => {
    await using ann = await connectAs('ann');
    const { id: workflowId } = await make(ann);
    await ann.mutate('workflow.update', { workflowId, definition: brokenWorkflow });
    expect(await ann.mutate('workflow.update', { workflowId, definition: brokenWorkflow })).toMatchObject({
      version: 2,
    });
    const { versions } = await ann.query<{ versions: WorkflowVersion[] }>('workflow.versions', { workflowId });
    expect(versions.map(({ version }) => version)).toEqual([2, 1]);
    expect(await ann.query('workflow.get', { workflowId, version: 1 })).toMatchObject({ definition: echoWorkflow });
    await expect(ann.mutate('workflow.update', { workflowId, ifVersion: 1, name: 'Late' })).rejects.toMatchObject({
      data: { code: 'INVALID_INPUT', version: 2 },
    });
    const names = ['A', 'B', 'C'].map((description) => ann.mutate('workflow.update', { workflowId, description }));
    await Promise.all(names);
    expect(await ann.query('workflow.get', { workflowId })).toMatchObject({ version: 5 });
  });

  test('[WFM-5] a run uses the version of its start, and what is unpublished or deleted answers nobody any more', async () => {
    await using ann = await connectAs('ann');
    await using bob = await connectAs('bob');
    const { id: workflowId } = await make(ann);
    await ann.mutate('workflow.publish', { workflowId });
    const { id: chatId } = await chatWith(bob, workflowId);
    const first = await say(bob, chatId, { text: 'one' });
    expect(textOf(first.stream.view?.messages.at(-1) ?? { parts: [] })).toBe('one');
    const text = 'now: {{start.message}}';
    const nodes = echoWorkflow.nodes.map((node) => (node.id === 'echo' ? { ...node, text } : node));
    await ann.mutate('workflow.update', { workflowId, definition: { ...echoWorkflow, nodes } });
    const second = await say(bob, chatId, { text: 'two' });
    expect(textOf(second.stream.view?.messages.at(-1) ?? { parts: [] })).toBe('now: two');
    const started = second.stream.events.flatMap((event) => (event.type === 'run.started' ? event.run.appVersion : []));
    expect(started).toEqual([2]);
    await ann.mutate('workflow.unpublish', { workflowId });
    const unpublished = { data: { code: 'APP_UNPUBLISHED' } };
    await expect(bob.mutate('chat.send', { chatId, text: 'three' })).rejects.toMatchObject(unpublished);
    // Its owner tries it out.
    const debug = await chatWith(ann, workflowId, { debug: true });
    expect(textOf((await say(ann, debug.id, { text: 'mine' })).stream.view?.messages.at(-1) ?? { parts: [] })).toBe(
      'now: mine',
    );
    await ann.mutate('workflow.delete', { workflowId });
    await expect(ann.mutate('chat.send', { chatId: debug.id, text: 'x' })).rejects.toMatchObject(unpublished);
  });

  test('[WFM-6] what has problems is not published, and what is published gets none', async () => {
    await using ann = await connectAs('ann');
    const { id: workflowId } = await make(ann, brokenWorkflow);
    const refused = {
      message: expect.stringMatching(
        /“Echo” cannot be published: node echo, field text: \{\{nobody\.knows\}\} is not known/,
      ) as string,
      data: { code: 'WORKFLOW_INVALID' },
    };
    await expect(ann.mutate('workflow.publish', { workflowId })).rejects.toMatchObject(refused);
    const chat = await chatWith(ann, workflowId);
    const { stream } = await say(ann, chat.id, { text: 'x' });
    expect(stream.events.at(-1)).toMatchObject({
      type: 'run.ended',
      status: 'failed',
      error: { code: 'WORKFLOW_INVALID' },
    });
    await ann.mutate('workflow.update', { workflowId, definition: echoWorkflow });
    await ann.mutate('workflow.publish', { workflowId });
    await expect(ann.mutate('workflow.update', { workflowId, definition: brokenWorkflow })).rejects.toMatchObject({
      data: { code: 'WORKFLOW_INVALID' },
    });
    expect(await ann.query('workflow.get', { workflowId })).toMatchObject({ version: 2, published: true });
  });

  test('[WFM-7] problems are told, those with what it names too', async () => {
    await using ann = await connectAs('ann');
    await using bob = await connectAs('bob');
    const validate = async (client: RawClient, input: object) =>
      client.mutate<{ problems: WorkflowProblem[]; more: number }>('workflow.validate', input);
    const { id: other } = await make(bob);
    const { id: own } = await make(ann);
    const definition = line(
      { ...think, id: 'far', model: 'nobody:knows' },
      { id: 'use', title: '', type: 'tool', tool: 'hammer', input: {} },
      { id: 'ask', title: '', type: 'assistant', assistantId: newId(), prompt: '', stream: true },
      { id: 'theirs', title: '', type: 'subworkflow', workflowId: other, input: {} },
      { id: 'mine', title: '', type: 'subworkflow', workflowId: own, input: { message: 'x', mood: 'good' } },
    );
    const { problems, more } = await validate(ann, { definition });
    expect(more).toBe(0);
    expect(problems.map(({ nodeId, field }) => `${nodeId}.${field}`)).toEqual([
      'far.model',
      'use.tool',
      'ask.assistantId',
      'theirs.workflowId',
      'mine.input.mood',
    ]);
    expect(await validate(ann, { workflowId: own })).toEqual({ problems: [], more: 0 });
    const again = line({ id: 'again', title: '', type: 'subworkflow', workflowId: own, input: {} });
    await ann.mutate('workflow.update', { workflowId: own, definition: again });
    expect((await validate(ann, { workflowId: own })).problems).toMatchObject([
      { nodeId: 'again', field: 'workflowId', message: /again/ },
    ]);
    const many = {
      nodes: Array.from({ length: 300 }, (_, place) => ({ id: `n${place}`, title: '', type: 'poem' })),
      edges: [],
    };
    const counted = await validate(ann, { definition: many });
    expect([counted.problems.length, counted.problems.length + counted.more]).toEqual([200, 302]);
  });

  test('[WFM-8] the owner of a workflow gives parameters for a run, of their types and names', async () => {
    await using ann = await connectAs('ann');
    await using bob = await connectAs('bob');
    const { id: workflowId } = await make(ann, line(think, tell));
    await ann.mutate('workflow.publish', { workflowId });
    const chat = await chatWith(ann, workflowId);
    const answer = async (message: object) =>
      textOf((await say(ann, chat.id, message)).stream.view?.messages.at(-1) ?? { parts: [] });
    expect(await answer({ text: 'x' })).toBe('kind 0: A model');
    expect(await answer({ text: 'x', parameters: { tone: 'stern', count: 7 } })).toBe('stern 7: A model');
    const [messageId, parameters] = [newId(), { count: 8 }];
    expect(await answer({ text: 'x', messageId, parameters })).toBe('kind 8: A model');
    const send = (client: RawClient, chatId: string, more: object) =>
      client.mutate('chat.send', { chatId, text: 'x', ...more });
    expect(await send(ann, chat.id, { messageId, parameters })).toMatchObject({ disposition: 'duplicate' });
    const refusals: readonly [object, string, RegExp][] = [
      [{ messageId, parameters: { count: 9 } }, 'CONFLICT_DUPLICATE', /other content/],
      [{ parameters: { mood: 'x' } }, 'INVALID_INPUT', /^parameters\.mood: .* it has: tone, count$/],
      [
        { parameters: { count: '7' } },
        'INVALID_INPUT',
        /^parameters\.count: expected a value of type number, got "7"$/,
      ],
    ];
    for (const [more, code, message] of refusals)
      await expect(send(ann, chat.id, more)).rejects.toMatchObject({
        message: expect.stringMatching(message) as string,
        data: { code },
      });
    const foreign = await chatWith(bob, workflowId);
    await expect(send(bob, foreign.id, { parameters: { count: 1 } })).rejects.toMatchObject({
      data: { code: 'NOT_FOUND' },
    });
    const assistant = await ann.mutate<Chat>('chat.create', {});
    await expect(send(ann, assistant.id, { parameters: {} })).rejects.toMatchObject({
      data: { code: 'INVALID_INPUT' },
    });
  });

  test('[WFM-9] a node runs alone, with given values, and nothing of it stays in the list of chats', async () => {
    await using ann = await connectAs('ann');
    const { id: workflowId } = await make(ann, line(think, tell));
    const testNode = (nodeId: string, values: object) =>
      ann.mutate<{ chatId: string; runId: string }>('workflow.testNode', { workflowId, nodeId, values });
    const { chatId } = await testNode('tell', { 'start.tone': 'loud', 'start.count': 2, 'think.output': 'given' });
    const stream = ann.stream({ chatId });
    await stream.until(({ view }) => view?.activeRun === null);
    expect(textOf(stream.view?.messages.at(-1) ?? { parts: [] })).toBe('loud 2: given');
    await expect(testNode('tell', { 'start.tone': 'loud' })).rejects.toMatchObject({
      message: expect.stringMatching(/expected one for start\.count, which node tell asks for/) as string,
      data: { code: 'INVALID_INPUT' },
    });
    await expect(testNode('nobody', {})).rejects.toMatchObject({ data: { code: 'NOT_FOUND' } });
    const { chats } = await ann.query<{ chats: Chat[] }>('chat.list', {});
    expect(chats.map(({ id }) => id)).not.toContain(chatId);
  });

  test('[WFM-10] the log of a run has what each node was given and made, for whoever owns the workflow and the run', async () => {
    await using ann = await connectAs('ann');
    await using bob = await connectAs('bob');
    const { id: workflowId } = await make(ann, line(think, tell));
    await ann.mutate('workflow.publish', { workflowId });
    const chat = await chatWith(ann, workflowId);
    const { runId } = await say(ann, chat.id, { text: 'x' });
    const log = (client: RawClient, id: string, more: object = {}) =>
      client.query<{ entries: NodeLogEntry[]; nextCursor: string | null }>('workflow.runLog', { runId: id, ...more });
    const { entries, nextCursor } = await log(ann, runId);
    expect(nextCursor).toBeNull();
    expect(entries.map(({ nodeId }) => nodeId)).toEqual(['start', 'think', 'tell', 'end']);
    expect(entries[1]).toMatchObject({ title: 'Think', inputs: { prompt: 'kind' }, outputs: { output: 'A model' } });
    const page = await log(ann, runId, { limit: 3 });
    expect([page.entries, (await log(ann, runId, { cursor: page.nextCursor })).entries].flat()).toEqual(entries);
    const foreign = await chatWith(bob, workflowId);
    const theirs = await say(bob, foreign.id, { text: 'x' });
    // Neither is what others say in a workflow of one's own told, nor what others have made.
    for (const [client, id] of [
      [ann, theirs.runId],
      [bob, theirs.runId],
      [bob, runId],
    ] as const)
      await expect(log(client, id)).rejects.toMatchObject({ data: { code: 'NOT_FOUND' } });
  });
});
