import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Chat } from '../../shared/chat.ts';
import { textOf } from '../../shared/message.ts';
import type { WorkflowDefinition, WorkflowSummary } from '../../shared/workflow.ts';
import type { Tool, ToolContext } from '../../server/index.ts';
import type { ProviderChunk, ProviderRequest } from '../helpers/model-provider.ts';
import { RawClient } from '../helpers/raw-client.ts';
import type { RawStream } from '../helpers/raw-client.ts';
import { insertAssistant, startToolServer } from '../helpers/tool-scene.ts';
import type { ToolServer } from '../helpers/tool-scene.ts';

const booked: { input: unknown; context: ToolContext }[] = [];

const book: Tool = {
  name: 'book',
  description: 'Books a table.',
  schema: z.object({ seats: z.number() }),
  readOnly: false,
  approval: true,
  execute: (input, context) => {
    booked.push({ input, context });
    return { table: booked.length };
  },
};

/** A model that books for two and then says what it was told. */
function answer({ body }: ProviderRequest): readonly ProviderChunk[] {
  const last = JSON.stringify(body.messages.at(-1));
  return last.includes('tool_call_id') ? ['All ', 'booked.'] : ['One moment.', { call: 'book', args: { seats: 2 } }];
}

let asked: { url: string | undefined; key: string | string[] | undefined }[] = [];
const outside = createServer((request, response) => {
  asked.push({ url: request.url, key: request.headers['idempotency-key'] });
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"stars":4}');
});

let server: ToolServer;
let origin = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => outside.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(outside.address() as AddressInfo).port}`;
  origin = `http://${host}`;
  server = await startToolServer(answer, { tools: [book], toolAllowedHosts: [host] });
}, 120_000);
afterEach(() => server.settled());
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  outside.close();
});

/** Milliseconds. The first workflow of a process loads what runs it, and the first program starts a thread. */
const patienceMs = 25_000;

type Nodes = WorkflowDefinition['nodes'];

const start = { id: 'start', title: 'Start', type: 'start' } as const;
const end = { id: 'end', title: 'End', type: 'end' } as const;
const say = (id: string, text: string) => ({ id, title: id, type: 'output', text }) as const;

/** The nodes in a line, between a start and an end. */
function line(...between: Nodes): WorkflowDefinition {
  const nodes = [start, ...between, end];
  return { nodes, edges: nodes.slice(1).map(({ id }, index) => ({ from: nodes[index]?.id ?? '', to: id })) };
}

async function sent(
  client: RawClient,
  definition: WorkflowDefinition,
  text = 'go',
): Promise<{ chat: Chat; stream: RawStream }> {
  const { id } = await client.mutate<WorkflowSummary>('workflow.create', { name: 'Flow', description: '', definition });
  const chat = await client.mutate<Chat>('chat.create', { app: { kind: 'workflow', id } });
  const stream = client.stream({ chatId: chat.id });
  await client.mutate('chat.send', { chatId: chat.id, text });
  return { chat, stream };
}

/** Answers the question that is asked as the so-manieth. */
async function allow(client: RawClient, chat: Chat, stream: RawStream, count: number): Promise<void> {
  await stream.until(({ types }) => types.filter((type) => type === 'input.requested').length >= count, patienceMs);
  const inputId = stream.view?.pendingInput?.id;
  await client.mutate('chat.respond', { chatId: chat.id, inputId, value: { decision: 'approve' } });
}

async function ended(stream: RawStream) {
  await stream.until(({ types }) => types.includes('run.ended'), patienceMs);
  const last = stream.events.findLast((event) => event.type === 'run.ended');
  const message = stream.view?.messages.at(-1);
  return {
    status: last?.status,
    error: last?.error,
    text: message ? textOf(message) : '',
    parts: message?.parts ?? [],
  };
}

const seats = {
  id: 'read',
  title: 'Read',
  type: 'code',
  code: 'function main({ text }) {\n  return { seats: text.split(",").map(Number).reduce((a, b) => a + b) };\n}',
  inputs: { text: '{{start.message}}' },
  outputs: [{ key: 'seats', type: 'number' }],
} as const;

describe('nodes that have others work for them', () => {
  test('[NODE-1] [NODE-2] [COND-1] a program reads, a server is asked and a condition decides', async () => {
    await using client = await RawClient.connect(server.url);
    const nodes: Nodes = [
      start,
      { ...seats, outputs: [...seats.outputs] },
      { id: 'ask', title: 'Ask', type: 'http', method: 'POST', url: `${origin}/rate/{{read.seats}}` },
      {
        id: 'decide',
        title: 'Decide',
        type: 'condition',
        cases: [
          {
            id: 'good',
            match: 'all',
            rules: [
              { left: 'ask.json.stars', operator: 'greater_or_equal', right: 4 },
              { left: 'start.message', operator: 'matches', right: '^\\d+(,\\d+)*$' },
            ],
          },
        ],
      },
      say('yes', 'Good: {{read.seats}} seats, {{ask.json.stars}} stars.'),
      say('no', 'Bad.'),
      end,
    ];
    const edges = [
      { from: 'start', to: 'read' },
      { from: 'read', to: 'ask' },
      { from: 'ask', to: 'decide' },
      { from: 'decide', to: 'yes', branch: 'good' },
      { from: 'decide', to: 'no', branch: 'else' },
      { from: 'yes', to: 'end' },
      { from: 'no', to: 'end' },
    ];
    asked = [];
    const { stream } = await sent(client, { nodes, edges }, '4,3');
    expect(await ended(stream)).toMatchObject({ status: 'completed', text: 'Good: 7 seats, 4 stars.' });
    const runId = stream.events.find((event) => event.type === 'run.started')?.run.id;
    expect(asked).toEqual([{ url: '/rate/7', key: `${runId}:ask#1` }]);
  });

  test('[CODE-3] a program that throws fails the run, with its line', async () => {
    await using client = await RawClient.connect(server.url);
    const broken = {
      ...seats,
      outputs: [...seats.outputs],
      code: 'function main() {\n  throw new Error("no seats");\n}',
    };
    const { stream } = await sent(client, line(broken));
    const { status, error } = await ended(stream);
    expect([status, error]).toEqual([
      'failed',
      { code: 'TOOL_FAILED', message: 'the code of node read failed in line 2: Error: no seats' },
    ]);
  });

  test('[NODE-7] [NODE-9] a tool and an assistant ask a person, and go on with what was allowed', async () => {
    await using client = await RawClient.connect(server.url);
    const assistantId = await insertAssistant(server.db, { tools: [{ name: 'book' }] });
    const definition = line(
      { ...seats, outputs: [...seats.outputs] },
      { id: 'reserve', title: 'Reserve', type: 'tool', tool: 'book', input: { seats: '{{read.seats}}' } },
      { id: 'helper', title: 'Helper', type: 'assistant', assistantId, prompt: 'Book', stream: true },
      say('told', 'Table {{reserve.output.table}}. {{helper.output}}'),
    );
    booked.length = 0;
    const { chat, stream } = await sent(client, definition, '2,2');
    await allow(client, chat, stream, 1);
    await allow(client, chat, stream, 2);
    const { status, error, parts } = await ended(stream);
    expect([status, error]).toEqual(['completed', undefined]);
    expect(booked.map(({ input }) => input)).toEqual([{ seats: 4 }, { seats: 2 }]);
    const runId = stream.events.find((event) => event.type === 'run.started')?.run.id;
    expect(booked[0]?.context.idempotencyKey).toBe(`${runId}:reserve#1`);
    const shown = parts.map((part) =>
      part.type === 'tool' ? part.state : part.type === 'text' ? part.text.trim() : part.type,
    );
    expect(shown).toEqual(['done', 'One moment.', 'done', 'All booked.', 'Table 1. All booked.']);
  });
});
