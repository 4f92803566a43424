import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ChatEvent } from '../../shared/events.ts';
import { answerOf } from '../helpers/asked-chat.ts';
import { definitionOf, llmNode, startOwn } from '../helpers/own-workflow.ts';
import { RawClient } from '../helpers/raw-client.ts';
import type { RawStream } from '../helpers/raw-client.ts';
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

const options = [
  { id: 'keep', label: 'Keep it' },
  { id: 'drop', label: 'Drop it' },
];
const start = { id: 'start', type: 'start' };
const end = { id: 'end', type: 'end' };

const nodesOf = (stream: RawStream) =>
  stream.events.flatMap((event) => {
    if (event.type === 'node.started') return [`+${event.nodeId}`];
    return event.type === 'node.finished' ? [`-${event.nodeId}`] : [];
  });

describe('a workflow that asks', () => {
  test('[WFQ-1] asks for a text, a form and a choice, and each answer stays on the message', async () => {
    await using client = await connectAs('ann');
    const { asked } = await startOwn(
      client,
      definitionOf(
        [
          start,
          { id: 'name', type: 'input', mode: 'dialog', prompt: 'Your name?' },
          {
            id: 'size',
            type: 'input',
            mode: 'form',
            prompt: 'Sizes of {{name.text}}?',
            fields: [
              { key: 'cm', label: 'Height', type: 'number' },
              { key: 'kind', label: 'Kind', type: 'select', options: ['big', 'small'], required: false },
            ],
          },
          { id: 'show', type: 'output', text: '{{name.text}}: {{size.cm}} cm', ask: { kind: 'choice', options } },
          { id: 'kept', type: 'output', text: 'Kept.' },
          { id: 'dropped', type: 'output', text: 'Dropped.' },
          end,
        ],
        [
          'start > name',
          'name > size',
          'size > show',
          'show > keep > kept',
          'show > drop > dropped',
          'kept > end',
          'dropped > end',
        ],
      ),
    );
    const name = await asked.question(1);
    expect(name).toMatchObject({ kind: 'text', prompt: 'Your name?' });
    await asked.respond(name.id, 'Ann');
    const size = await asked.question(2);
    expect(size).toMatchObject({ kind: 'form', prompt: 'Sizes of Ann?', schema: { required: ['cm'] } });
    await expect(asked.respond(size.id, { cm: 'tall' })).rejects.toMatchObject({ data: { code: 'INVALID_INPUT' } });
    await asked.respond(size.id, { cm: 170 });
    const choice = await asked.question(3);
    expect(choice).toMatchObject({ kind: 'choice', schema: { oneOf: [{ const: 'keep', title: 'Keep it' }, {}] } });
    await asked.respond(choice.id, 'drop');
    await asked.stream.untilEnded();
    for (const event of asked.stream.events) expect(ChatEvent.parse(event)).toEqual(event);
    expect(asked.stream.view?.messages.at(-1)?.parts).toEqual([
      { type: 'input', inputId: name.id, prompt: 'Your name?', answer: 'Ann', answeredBy: 'ann' },
      { type: 'input', inputId: size.id, prompt: 'Sizes of Ann?', answer: { cm: 170 }, answeredBy: 'ann' },
      { type: 'text', text: 'Ann: 170 cm' },
      { type: 'input', inputId: choice.id, prompt: 'show', answer: 'drop', answeredBy: 'ann' },
      { type: 'text', text: '\n\nDropped.' },
    ]);
    expect(asked.stream.view).toEqual(await asked.stored());
  });

  test('[WFQ-2] asks what two nodes ask at once one after the other, and waits with nothing in the process', async () => {
    await using client = await connectAs('ann');
    const { asked } = await startOwn(
      client,
      definitionOf(
        [
          start,
          { id: 'one', type: 'input', mode: 'dialog', prompt: 'One?' },
          { id: 'two', type: 'input', mode: 'dialog', prompt: 'Two?' },
          { id: 'both', type: 'output', text: '{{one.text}} and {{two.text}}' },
          end,
        ],
        ['start > one', 'start > two', 'one > both', 'two > both', 'both > end'],
      ),
    );
    const one = await asked.question(1);
    expect(running.server.census().runs).toBe(0);
    await asked.respond(one.id, 'first');
    const two = await asked.question(2);
    expect([one.prompt, two.prompt].toSorted()).toEqual(['One?', 'Two?']);
    await asked.respond(two.id, 'second');
    await asked.stream.untilEnded();
    const said = one.prompt === 'One?' ? 'first and second' : 'second and first';
    expect(answerOf(asked.stream.view)).toBe(said);
    expect(asked.stream.view).toEqual(await asked.stored());
  });

  test('[WFQ-7] runs from its start for another answer, asks anew, and the first answer stays beside it', async () => {
    await using client = await connectAs('ann');
    const { asked } = await startOwn(
      client,
      definitionOf(
        [
          start,
          { id: 'name', type: 'input', mode: 'dialog', prompt: 'Name?' },
          { id: 'hello', type: 'output', text: 'Hello {{name.text}}' },
          end,
        ],
        ['start > name', 'name > hello', 'hello > end'],
      ),
    );
    const first = await asked.question(1);
    await asked.respond(first.id, 'Ann');
    await asked.stream.untilEnded();
    const answered = asked.stream.view?.messages.at(-1);
    await client.mutate('chat.regenerate', { chatId: asked.chatId, messageId: answered?.id });
    await asked.stream.until(
      ({ view }) => (view?.pendingInput ?? null) !== null && view?.pendingInput?.id !== first.id,
    );
    await asked.respond(asked.stream.view?.pendingInput?.id ?? '', 'Bob');
    await asked.stream.until(({ view }) => view?.activeRun === null && answerOf(view) === 'Hello Bob');
    expect(asked.stream.view?.messages.at(-1)?.siblings).toMatchObject({ index: 1, ids: [answered?.id, {}] });
    expect(answered?.parts).toContainEqual({ type: 'text', text: 'Hello Ann' });
    expect(asked.stream.view).toEqual(await asked.stored());
  });

  test('[WFQ-3] is stopped while it waits', async () => {
    await using client = await connectAs('ann');
    const definition = definitionOf(
      [start, { id: 'one', type: 'input', mode: 'dialog', prompt: 'One?' }, end],
      ['start > one', 'one > end'],
    );
    const { asked } = await startOwn(client, definition);
    await asked.question();
    expect(await asked.stop()).toMatchObject({ status: 'stopped' });
    await asked.stream.untilEnded();
    expect(asked.stream.view).toEqual(await asked.stored());
  });
});

describe('the nodes of a workflow in the chat', () => {
  const definition = definitionOf(
    [
      start,
      llmNode('left', 'L {{start.message}}'),
      llmNode('right', 'R'),
      { id: 'join', type: 'output', text: 'Both.' },
      end,
    ],
    ['start > left', 'start > right', 'left > join', 'right > join', 'join > end'],
  );

  test('[WFN-1] begin and end as events, with what they are given and make for the owner', async () => {
    await using client = await connectAs('ann');
    const { asked } = await startOwn(client, definition, 'hi');
    await asked.stream.untilEnded();
    const nodes = nodesOf(asked.stream);
    expect(nodes.toSorted()).toEqual(
      ['left', 'right', 'join', 'start', 'end'].flatMap((id) => [`+${id}`, `-${id}`]).toSorted(),
    );
    expect(nodes.indexOf('+join')).toBeGreaterThan(Math.max(nodes.indexOf('-left'), nodes.indexOf('-right')));
    const left = asked.stream.events.filter((event) => 'nodeId' in event && event.nodeId === 'left');
    expect(left).toMatchObject([{ inputs: { system: '', prompt: 'L hi' } }, { outputs: { output: '«L hi»' } }]);
  });

  test('[WFN-2] that speak at once do not mix their texts: each has a part of its own', async () => {
    await using client = await connectAs('ann');
    const { asked } = await startOwn(client, definition, 'hi');
    await asked.stream.untilEnded();
    const texts =
      asked.stream.view?.messages.at(-1)?.parts.map((part) => ('text' in part ? part.text.trim() : part.type)) ?? [];
    expect([...texts.slice(0, 2).toSorted(), ...texts.slice(2)]).toEqual(['«L hi»', '«R»', 'Both.']);
    expect(asked.stream.holes).toBe(0);
    expect(asked.stream.view).toEqual(await asked.stored());
  });

  test('[WFN-3] show nobody else what goes through them: neither other people’s chats nor readers of a share', async () => {
    await using owner = await connectAs('ann');
    await using other = await connectAs('bob');
    const { asked, workflow } = await startOwn(owner, definition, 'first');
    await asked.stream.untilEnded();
    const { shareId } = await owner.mutate<{ shareId: string }>('chat.share', { chatId: asked.chatId });
    const shared = other.stream({ shareId });
    await shared.until(({ view }) => view !== null);
    await asked.send('second');
    await shared.untilEnded();
    await owner.mutate('workflow.publish', { workflowId: workflow.id });
    const theirs = await other.mutate<{ id: string }>('chat.create', { app: { kind: 'workflow', id: workflow.id } });
    const stream = other.stream({ chatId: theirs.id });
    await stream.until(({ view }) => view !== null);
    await other.mutate('chat.send', { chatId: theirs.id, text: 'third' });
    await stream.untilEnded();
    for (const seen of [shared, stream]) {
      const nodes = seen.events.filter((event) => 'nodeId' in event);
      expect(nodes.length).toBe(10);
      for (const node of nodes) expect(node).not.toHaveProperty('inputs');
      for (const node of nodes) expect(node).not.toHaveProperty('outputs');
    }
    await asked.stream.untilEnded(2);
  });

  test('[WFN-4] tell why one has failed, and the run fails with it', async () => {
    await using client = await connectAs('ann');
    const failing = definitionOf(
      [
        start,
        {
          id: 'each',
          type: 'loop',
          until: { match: 'all', rules: [{ left: 'start.message', operator: 'equal', right: 'never' }] },
          maxIterations: 2,
        },
        { id: 'say', type: 'output', text: '{{each.index}}' },
        end,
      ],
      ['start > each', 'each > body > say', 'say > each', 'each > done > end'],
    );
    const { asked } = await startOwn(client, failing);
    await asked.stream.untilEnded();
    const finished = asked.stream.events.filter((event) => event.type === 'node.finished');
    expect(finished.at(-1)).toMatchObject({ nodeId: 'each', error: { code: 'WORKFLOW_LIMIT' } });
    expect(asked.stream.events.at(-1)).toMatchObject({ status: 'failed', error: { code: 'WORKFLOW_LIMIT' } });
    expect(answerOf(asked.stream.view)).toBe('0\n\n1');
  });
});
