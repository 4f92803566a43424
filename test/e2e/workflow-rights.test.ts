import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { AppId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import type { WorkflowDetails } from '../../shared/workflow.ts';
import { answerOf, Asked } from '../helpers/asked-chat.ts';
import { definitionOf, llmNode, startOwn } from '../helpers/own-workflow.ts';
import { RawClient } from '../helpers/raw-client.ts';
import { startServerWithModel } from '../helpers/server.ts';
import type { ServerWithModel } from '../helpers/server.ts';
import { authSecret, tokenFor } from '../helpers/tokens.ts';

const logged: unknown[] = [];
const log = (...line: unknown[]) => void logged.push(line);
const logger = { debug: log, info: log, warn: log, error: log };

let running: ServerWithModel;
beforeAll(async () => {
  running = await startServerWithModel({ answer: ({ text }) => ['«', text, '»'] }, { authSecret, logger });
});
afterEach(() => running.settled());
afterAll(() => running[Symbol.asyncDispose]());

const connectAs = async (user: string) => RawClient.connect(running.url, { token: await tokenFor(user) });

const start = { id: 'start', type: 'start' };
const end = { id: 'end', type: 'end', output: '{{think.output}}' };

/** What its owner wrote into it, and shows nobody. */
const secret = 'the-recipe-of-ann';
const ofAnn = definitionOf(
  [start, llmNode('think', `${secret} {{start.message}}`, { stream: false }), end],
  ['start > think', 'think > end'],
);

const around = (workflowId: AppId) =>
  definitionOf(
    [
      start,
      { id: 'sub', type: 'subworkflow', workflowId, input: { message: '{{start.message}}' } },
      { id: 'say', type: 'output', text: 'Done.' },
      { id: 'end', type: 'end' },
    ],
    ['start > sub', 'sub > say', 'say > end'],
  );

const made = (client: RawClient, definition: object) =>
  client.mutate<WorkflowDetails>('workflow.create', { name: 'Inner', description: '', definition });

describe('a workflow inside of another', () => {
  test('[WFM-15] that is not published is run by nobody else, deleted by nobody, by its owner as ever', async () => {
    await using ann = await connectAs('ann');
    await using bob = await connectAs('bob');
    const { id: workflowId } = await made(ann, ofAnn);
    const runOf = async (client: RawClient) => {
      const { asked } = await startOwn(client, around(workflowId));
      await asked.stream.untilEnded();
      return { last: asked.stream.events.at(-1), answer: answerOf(asked.stream.view) };
    };
    const refused = { last: { status: 'failed', error: { code: 'NOT_FOUND' } }, answer: '' };
    expect(await runOf(ann)).toMatchObject({ last: { status: 'completed' }, answer: 'Done.' });
    expect(await runOf(bob)).toMatchObject(refused);
    await ann.mutate('workflow.publish', { workflowId });
    expect(await runOf(bob)).toMatchObject({ last: { status: 'completed' } });
    await ann.mutate('workflow.unpublish', { workflowId });
    expect(await runOf(bob)).toMatchObject(refused);
    await ann.mutate('workflow.delete', { workflowId });
    expect(await runOf(ann)).toMatchObject(refused);
  });

  test('[WFM-16] of somebody else is run, and nobody is told what goes through it: neither live nor in the log', async () => {
    await using ann = await connectAs('ann');
    await using bob = await connectAs('bob');
    const { id: workflowId } = await made(ann, ofAnn);
    await ann.mutate('workflow.publish', { workflowId });
    const { asked } = await startOwn(bob, around(workflowId), 'hi');
    await asked.stream.untilEnded();
    const { runId } = asked.stream.events.find((event) => event.type === 'node.started') ?? {};
    const { entries } = await bob.query<{ entries: { nodeId: string }[] }>('workflow.runLog', { runId });
    expect(entries.map(({ nodeId }) => nodeId)).toContain('sub/think');
    const inner = asked.stream.events.filter((event) => 'nodeId' in event && event.nodeId === 'sub/think');
    expect(inner).toHaveLength(2);
    for (const told of [...inner, ...entries.filter(({ nodeId }) => nodeId === 'sub/think')]) {
      expect(told).not.toHaveProperty('inputs');
      expect(told).not.toHaveProperty('outputs');
    }
    const own = asked.stream.events.filter((event) => 'nodeId' in event && event.nodeId === 'sub');
    expect(own).toMatchObject([{ inputs: { 'input.message': 'hi' } }, { outputs: { output: `«${secret} hi»` } }]);
  });

  test('[NODE-10] many in many are refused before anything runs, however few nodes each of them has', async () => {
    await using ann = await connectAs('ann');
    let workflowId = (await made(ann, definitionOf([start, { id: 'end', type: 'end' }], ['start > end']))).id;
    const width = 40;
    const wide = () => {
      const ids = Array.from({ length: width }, (_, index) => `sub${index}`);
      const subs = ids.map((id) => ({ id, type: 'subworkflow', workflowId, input: {} }));
      const line = ['start', ...ids, 'end'];
      const edges = line.slice(1).map((id, index) => `${line[index]} > ${id}`);
      return definitionOf([start, ...subs, { id: 'end', type: 'end' }], edges);
    };
    expect(width ** 3).toBeGreaterThan(limits.workflowNodes);
    for (let depth = 0; depth < 2; depth += 1) workflowId = (await made(ann, wide())).id;
    const { asked } = await startOwn(ann, wide());
    await asked.stream.untilEnded();
    expect(asked.stream.events.at(-1)).toMatchObject({ status: 'failed', error: { code: 'WORKFLOW_INVALID' } });
    expect(asked.stream.events.filter((event) => event.type === 'node.started')).toEqual([]);
  });
});

describe('a request', () => {
  test('[NODE-18] that fails is explained to whoever owns the workflow, and nobody else is told whom it asked', async () => {
    await using ann = await connectAs('ann');
    await using bob = await connectAs('bob');
    const definition = definitionOf(
      [start, { id: 'ask', type: 'http', method: 'GET', url: 'http://10.47.11.1/' }, { id: 'end', type: 'end' }],
      ['start > ask', 'ask > end'],
    );
    const { asked, workflow } = await startOwn(ann, definition);
    await asked.stream.untilEnded();
    const error = { code: 'TOOL_FAILED', message: expect.stringContaining('10.47.11.1 is not a public address') };
    expect(asked.stream.events.at(-1)).toMatchObject({ error });
    await ann.mutate('workflow.publish', { workflowId: workflow.id });
    const app = { kind: 'workflow', id: workflow.id } as const;
    const [inChat, inOwn] = [await Asked.start(bob, 'go', { app }), (await startOwn(bob, around(workflow.id))).asked];
    for (const { stream } of [inChat, inOwn]) {
      await stream.untilEnded();
      expect(JSON.stringify(stream.events)).not.toContain('10.47');
      const nodes = stream.events.filter((event) => event.type === 'node.finished');
      for (const told of [stream.events.at(-1), nodes.at(-1)])
        expect(told).toMatchObject({ error: { code: 'TOOL_FAILED', message: 'the request of node ask failed' } });
    }
  });
});

/** A line of one program. */
const program = (code: string) =>
  definitionOf(
    [
      start,
      { id: 'calc', type: 'code', code, inputs: { text: '{{start.message}}' }, outputs: [] },
      { id: 'end', type: 'end' },
    ],
    ['start > calc', 'calc > end'],
  );

describe('a program', () => {
  test('[AUTH-16] what it throws is told whoever chats, and does not stand in the log', async () => {
    await using ann = await connectAs('ann');
    const { asked } = await startOwn(
      ann,
      program('function main({ text }) {\n throw new Error(`no ${text}`) }'),
      'pin 4711',
    );
    await asked.stream.untilEnded();
    expect(asked.stream.events.at(-1)).toMatchObject({ error: { message: expect.stringContaining('no pin 4711') } });
    expect(JSON.stringify(logged)).toContain('the code of node calc failed in line 2: …');
    expect(JSON.stringify(logged)).not.toContain('pin 4711');
  });

  test('[CODE-8] that runs, or waits for its turn, ends with the stop of its run, and the next one has its place', async () => {
    await using ann = await connectAs('ann');
    const begun = async (code: string) => {
      const { asked } = await startOwn(ann, program(code));
      await asked.stream.until(({ events }) => events.some((event) => 'nodeId' in event && event.nodeId === 'calc'));
      return asked;
    };
    const endless = 'function main() { for (;;); }';
    const all = [await begun(endless), await begun(endless), await begun(endless), await begun(endless)];
    for (const asked of all.toReversed()) {
      await asked.stop();
      await asked.stream.untilEnded();
      expect(asked.stream.events.at(-1)).toMatchObject({ status: 'stopped' });
    }
    const next = await begun('function main() { return {} }');
    await next.stream.untilEnded();
    expect(next.stream.events.at(-1)).toMatchObject({ status: 'completed' });
  });
});
