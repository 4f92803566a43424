import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Chat } from '../../shared/chat.ts';
import type { WorkflowDetails, WorkflowProblem } from '../../shared/workflow.ts';
import type { NodeLogEntry } from '../../shared/workflow-trial.ts';
import { answerOf } from '../helpers/asked-chat.ts';
import { definitionOf } from '../helpers/own-workflow.ts';
import { RawClient } from '../helpers/raw-client.ts';
import { startServerWithModel } from '../helpers/server.ts';
import type { ServerWithModel } from '../helpers/server.ts';
import { authSecret, tokenFor } from '../helpers/tokens.ts';

let running: ServerWithModel;
beforeAll(async () => {
  running = await startServerWithModel({ answer: ({ text }) => ['«', text, '»'] }, { authSecret });
});
afterEach(() => running.settled());
afterAll(() => running[Symbol.asyncDispose]());

const connectAs = async (user: string) => RawClient.connect(running.url, { token: await tokenFor(user) });

const start = { id: 'start', type: 'start' };
const secret = definitionOf(
  [
    start,
    { id: 'say', type: 'output', text: 'The recipe of Bob, for {{start.message}}' },
    { id: 'end', type: 'end', output: '{{start.message}}!' },
  ],
  ['start > say', 'say > end'],
);
/** Runs another workflow, and says what it gave. */
const calling = (workflowId: string, message = '{{start.message}}') =>
  definitionOf(
    [
      start,
      { id: 'other', type: 'subworkflow', workflowId, input: { message } },
      { id: 'tell', type: 'output', text: 'It gave {{other.output}}' },
      { id: 'end', type: 'end' },
    ],
    ['start > other', 'other > tell', 'tell > end'],
  );

async function make(client: RawClient, definition: object, isPublished = false): Promise<string> {
  const { id: workflowId } = await client.mutate<WorkflowDetails>('workflow.create', { name: 'Flow', definition });
  if (isPublished) await client.mutate('workflow.publish', { workflowId });
  return workflowId;
}

async function runOf(client: RawClient, workflowId: string, text = 'tea') {
  const { id: chatId } = await client.mutate<Chat>('chat.create', { app: { kind: 'workflow', id: workflowId } });
  const stream = client.stream({ chatId });
  await stream.until(({ types }) => types.includes('snapshot'));
  const { runId } = await client.mutate<{ runId: string }>('chat.send', { chatId, text });
  await stream.untilEnded();
  return {
    stream,
    runId,
    text: answerOf(stream.view),
    end: stream.events.findLast(({ type }) => type === 'run.ended'),
  };
}

describe('a workflow of somebody else as a subworkflow', () => {
  test('[WFM-15] a draft cannot run what its owner may not, nor what is deleted', async () => {
    await using ann = await connectAs('ann');
    await using bob = await connectAs('bob');
    const theirs = await make(bob, secret);
    const own = await make(ann, calling(theirs));
    const refused = {
      status: 'failed',
      error: { code: 'NOT_FOUND', message: expect.stringMatching(/node other.*name another/) as string },
    };
    const private_ = await runOf(ann, own);
    expect([private_.end, private_.text]).toEqual([expect.objectContaining(refused), '']);
    await bob.mutate('workflow.publish', { workflowId: theirs });
    await ann.mutate('workflow.publish', { workflowId: own });
    expect((await runOf(ann, own)).text).toMatch(/It gave tea!$/);
    // It may not be used any more, and so not by what was published while it was.
    await bob.mutate('workflow.unpublish', { workflowId: theirs });
    for (const client of [ann, bob]) expect((await runOf(client, own)).end).toMatchObject(refused);
    await bob.mutate('workflow.publish', { workflowId: theirs });
    await bob.mutate('workflow.delete', { workflowId: theirs });
    for (const client of [ann, bob]) expect((await runOf(client, own)).end).toMatchObject(refused);
  });

  test('[WFM-15] one’s own is a part of what others run, published or not', async () => {
    await using ann = await connectAs('ann');
    await using bob = await connectAs('bob');
    const own = await make(ann, calling(await make(ann, secret)), true);
    expect((await runOf(bob, own)).text).toMatch(/It gave tea!$/);
  });

  test('[WFM-16] what goes through its nodes is not told', async () => {
    await using ann = await connectAs('ann');
    await using bob = await connectAs('bob');
    const own = await make(ann, calling(await make(bob, secret, true)));
    const { stream, runId } = await runOf(ann, own);
    const told = stream.events.filter(({ type }) => type === 'node.started' || type === 'node.finished');
    const inner = told.filter((event) => 'nodeId' in event && event.nodeId.startsWith('other/'));
    expect(inner).not.toHaveLength(0);
    for (const event of inner) expect([event, 'inputs' in event || 'outputs' in event]).toEqual([event, false]);
    expect(told).toContainEqual(expect.objectContaining({ nodeId: 'other', inputs: { 'input.message': 'tea' } }));
    expect(told).toContainEqual(expect.objectContaining({ nodeId: 'other', outputs: { output: 'tea!' } }));
    const { entries } = await ann.query<{ entries: NodeLogEntry[] }>('workflow.runLog', { runId });
    const say = entries.find(({ nodeId }) => nodeId === 'other/say');
    expect(say).toBeDefined();
    expect(say).not.toHaveProperty('inputs');
  });
});

describe('workflows that run others', () => {
  const problemsOf = async (client: RawClient, workflowId: string) =>
    (await client.mutate<{ problems: WorkflowProblem[] }>('workflow.validate', { workflowId })).problems;
  /** Runs another one, many times over. */
  const repeated = (workflowId: string, times: number) => {
    const ids = Array.from({ length: times }, (_, place) => `n${place}`);
    const nodes = ids.map((id) => ({ id, type: 'subworkflow', workflowId, input: {} }));
    const all = ['start', ...ids, 'end'];
    const edges = all.slice(1).map((id, place) => `${all[place]} > ${id}`);
    return definitionOf([start, ...nodes, { id: 'end', type: 'end' }], edges);
  };

  test('[NODE-10] a few that run each other many times over are refused, before they are put together', async () => {
    await using ann = await connectAs('ann');
    let workflowId = await make(ann, secret);
    for (const times of [40, 40]) workflowId = await make(ann, repeated(workflowId, times));
    expect(await problemsOf(ann, workflowId)).toEqual([
      { nodeId: 'n39', field: 'workflowId', message: expect.stringMatching(/there are \d+ nodes, and at most 2000/) },
    ]);
    for (const times of [40, 40, 40]) workflowId = await make(ann, repeated(workflowId, times));
    expect(await problemsOf(ann, workflowId)).toHaveLength(40);
    const { end } = await runOf(ann, workflowId);
    expect(end).toMatchObject({
      error: {
        code: 'WORKFLOW_INVALID',
        message: expect.stringMatching(/more than 2000 nodes; run fewer/) as string,
      },
    });
  });

  test('[NODE-10] one that has problems itself is no part of one that is published', async () => {
    await using ann = await connectAs('ann');
    const broken = await make(ann, definitionOf([start], []));
    const workflowId = await make(ann, calling(broken));
    await expect(ann.mutate('workflow.publish', { workflowId })).rejects.toMatchObject({
      message: expect.stringMatching(/node other, field workflowId: workflow .* has problems of its own/) as string,
    });
  });

  test('[NODE-11] what is handed in is of the type that is taken', async () => {
    await using ann = await connectAs('ann');
    const variables = [
      { key: 'count', type: 'number' },
      { key: 'names', type: 'list' },
    ];
    const text = '{{start.message}} {{start.count}} {{start.names}}';
    const inner = await make(
      ann,
      definitionOf(
        [
          { ...start, variables },
          { id: 'say', type: 'output', text },
          { id: 'end', type: 'end' },
        ],
        ['start > say', 'say > end'],
      ),
    );
    const giving = (input: object) =>
      definitionOf(
        [
          start,
          {
            id: 'make',
            type: 'code',
            code: 'function main() { return { list: ["a"], many: { count: 2 } }; }',
            inputs: {},
            outputs: [
              { key: 'list', type: 'list' },
              { key: 'many', type: 'object' },
            ],
          },
          { id: 'other', type: 'subworkflow', workflowId: inner, input },
          { id: 'end', type: 'end' },
        ],
        ['start > make', 'make > other', 'other > end'],
      );
    const workflowId = await make(ann, giving({ message: ['x'], count: 'two', names: 'n {{start.message}}' }));
    expect((await problemsOf(ann, workflowId)).map(({ nodeId, field }) => `${nodeId}.${field}`).toSorted()).toEqual([
      'other.input.count',
      'other.input.message',
      'other.input.names',
    ]);
    const right = await make(
      ann,
      giving({ message: '{{make.list}}', count: '{{make.many.count}}', names: '{{make.list}}' }),
      true,
    );
    expect((await runOf(ann, right)).text).toBe('["a"] 2 ["a"]');
    const wrong = await make(ann, giving({ count: '{{make.many}}' }), true);
    expect((await runOf(ann, wrong)).end).toMatchObject({
      error: {
        code: 'WORKFLOW_INVALID',
        message: expect.stringMatching(/node start, field variables: count is of type number, and was given/) as string,
      },
    });
  });
});

test('[NODE-15] a run in which a text would be endless fails at its node', async () => {
  await using ann = await connectAs('ann');
  const definition = definitionOf(
    [start, { id: 'long', type: 'output', text: '{{start.message}}'.repeat(1_800) }, { id: 'end', type: 'end' }],
    ['start > long', 'long > end'],
  );
  const { stream } = await runOf(ann, await make(ann, definition), 'x'.repeat(20_000));
  const ends = stream.events.filter((event) => event.type === 'node.finished' && event.nodeId === 'long');
  expect(ends).toMatchObject([{ error: { code: 'WORKFLOW_LIMIT' } }]);
});

describe('a node that is tested alone', () => {
  test('[WFM-14] a subworkflow sees what it is given, not the values of the test', async () => {
    await using ann = await connectAs('ann');
    const inner = await make(ann, secret);
    const workflowId = await make(ann, calling(inner, 'hello {{start.message}}'));
    const { chatId } = await ann.mutate<{ chatId: string }>('workflow.testNode', {
      workflowId,
      nodeId: 'other',
      values: { 'start.message': 'tea' },
    });
    const stream = ann.stream({ chatId });
    await stream.until(({ view }) => view?.activeRun === null);
    expect(answerOf(stream.view)).toBe('The recipe of Bob, for hello tea');
  });

  test('[WFM-9] it runs whatever the rest of the draft lacks, with values of the types that are made', async () => {
    await using ann = await connectAs('ann');
    const good = { id: 'good', type: 'output', text: 'Hello {{form.name}}, {{form.age}}: {{later.output}}' };
    const fields = [
      { key: 'name', label: 'Name', type: 'text' },
      { key: 'age', label: 'Age', type: 'number', required: false },
    ];
    const form = { id: 'form', type: 'input', mode: 'form', prompt: '{{nobody.knows}}', fields };
    const drafts = [definitionOf([good], []), definitionOf([start, form, good, { id: 'odd', type: 'poem' }], [])];
    for (const definition of drafts) {
      const workflowId = await make(ann, definition);
      const values = { 'form.name': 'Ann', 'form.age': null, 'later.output': { a: 1 } };
      const { chatId } = await ann.mutate<{ chatId: string }>('workflow.testNode', {
        workflowId,
        nodeId: 'good',
        values,
      });
      const stream = ann.stream({ chatId });
      await stream.until(({ view }) => view?.activeRun === null);
      expect(answerOf(stream.view)).toBe('Hello Ann, : {"a":1}');
    }
    const workflowId = await make(ann, drafts[1] ?? {});
    const wrong = { workflowId, nodeId: 'good', values: { 'form.name': 'Ann', 'form.age': '7', 'later.output': '' } };
    await expect(ann.mutate('workflow.testNode', wrong)).rejects.toMatchObject({
      message: 'values: expected form.age to be of type number, got "7"; give it a value that is',
    });
  });
});
