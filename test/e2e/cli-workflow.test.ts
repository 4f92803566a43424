import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createChatClient } from '../../client/index.ts';
import type { ChatClient } from '../../client/index.ts';
import { brokenWorkflow, echoWorkflow } from '../helpers/echo-workflow.ts';
import { switchboard } from '../helpers/command.ts';
import { startServerWithModel } from '../helpers/server.ts';
import type { ServerWithModel } from '../helpers/server.ts';
import { atTerminal } from '../helpers/terminal.ts';

const asking = {
  nodes: [
    {
      id: 'start',
      title: 'Start',
      type: 'start',
      variables: [
        { key: 'greeting', type: 'text', default: 'Hello' },
        { key: 'times', type: 'number', default: 1 },
      ],
    },
    {
      id: 'who',
      title: 'Who',
      type: 'input',
      mode: 'form',
      prompt: 'Who is it?',
      fields: [
        { key: 'name', label: 'Name', type: 'text' },
        { key: 'age', label: 'Age', type: 'number' },
      ],
    },
    {
      id: 'sure',
      title: 'Sure',
      type: 'output',
      text: '{{start.greeting}} {{who.name}}, {{who.age}} ({{start.times}}, {{start.message}}).',
      ask: {
        kind: 'choice',
        options: [
          { id: 'yes', label: 'Right' },
          { id: 'no', label: 'Wrong' },
        ],
      },
    },
    { id: 'right', title: 'Right', type: 'output', text: 'Good.' },
    { id: 'wrong', title: 'Wrong', type: 'output', text: 'Oh.' },
    { id: 'end', title: 'End', type: 'end' },
  ],
  edges: [
    { from: 'start', to: 'who' },
    { from: 'who', to: 'sure' },
    { from: 'sure', to: 'right', branch: 'yes' },
    { from: 'sure', to: 'wrong', branch: 'no' },
    { from: 'right', to: 'end' },
    { from: 'wrong', to: 'end' },
  ],
};

let running: ServerWithModel;
let client: ChatClient;
let folder: string;
let options: string[];
beforeAll(async () => {
  running = await startServerWithModel({});
  client = createChatClient({ url: running.url });
  options = ['--url', running.url];
  folder = await mkdtemp(join(tmpdir(), 'workflow-'));
}, 120_000);
afterAll(async () => {
  await client.close();
  await running[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

async function file(name: string, content: unknown): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

async function run(args: readonly string[], input = '') {
  await using command = switchboard(['workflow', ...args, ...options], input);
  return { code: await command.ended, ...command.printed };
}

const own = async () => (await client.api.workflow.list.query({ mine: true })).workflows;

test('[CLI-33] validate tells every problem of a file with its node and field, and ends with 1', async () => {
  const good = await file('good.json', echoWorkflow);
  expect(await run(['validate', good])).toEqual({ code: 0, stdout: '', stderr: `${good}: it can run\n` });
  const edges = [...echoWorkflow.edges, { from: 'echo', to: 'void' }];
  const bad = await file('bad.json', { ...brokenWorkflow, edges });
  const { code, stdout } = await run(['validate', bad]);
  expect(code).toBe(1);
  expect(stdout.split('\n')).toEqual([
    expect.stringContaining(`${bad}: node echo, field edges.2.to: the edge from echo leads to void, which is no node`),
    expect.stringContaining(`${bad}: node echo, field text: {{nobody.knows}} is not known`),
    '',
  ]);
  const missing = await run(['validate', join(folder, 'missing.json')]);
  expect([missing.code, missing.stderr]).toEqual([5, expect.stringContaining('missing.json: ENOENT')]);
  const noJson = await run(['validate', await file('no.json', '{ "nodes": [')]);
  expect([noJson.code, noJson.stderr]).toEqual([5, expect.stringContaining('no.json: expected JSON: ')]);
  expect(await own()).toEqual([]);
});

test('[CLI-37] a definition comes from stdin too, and one that the server would not take is refused by name', async () => {
  const text = JSON.stringify(echoWorkflow);
  expect(await run(['validate', '-'], text)).toEqual({ code: 0, stdout: '', stderr: '-: it can run\n' });
  const piped = await run(['run', '-', 'said'], text);
  expect([piped.code, piped.stdout]).toEqual([0, expect.stringContaining('said')]);
  expect(await run(['validate', await file('marked.json', `\uFEFF${text}`)])).toMatchObject({ code: 0 });
  const large = { nodes: [{ id: 'x'.repeat(2_000_000) }], edges: [] };
  for (const [name, content, why] of [
    ['list.json', '[1, 2]', 'expected an object with nodes and edges, got [1,2]'],
    ['empty.json', '', 'expected JSON: Unexpected end of JSON input'],
    ['large.json', JSON.stringify(large), 'expected at most 524288 characters as JSON, got 2000032'],
  ] as const) {
    const path = await file(name, content);
    expect(await run(['validate', path])).toEqual({ code: 5, stdout: '', stderr: `${path}: ${why}\n` });
  }
  const { code, stderr } = await run(['validate', folder]);
  expect([code, stderr]).toEqual([5, expect.stringContaining(`${folder}: EISDIR`)]);
});

test('[CLI-34] a run that is refused leaves no workflow behind', async () => {
  const { code, stderr } = await run(['run', await file('echo.json', echoWorkflow), '--param', 'unknown=1']);
  expect([code, stderr]).toEqual([5, expect.stringContaining('parameters.unknown: the start has no variable')]);
  expect(await own()).toEqual([]);
});

test('[CLI-34] run takes parameters, asks its questions of a pipe, and leaves no workflow behind', async () => {
  const path = await file('ask.json', asking);
  const given = ['run', path, 'just', 'so', '--param', 'greeting=Hi, you = all', '--param', 'times=3'];
  const { code, stdout, stderr } = await run(given, '{"name":"Ann","age":42}\n2\n');
  expect([code, stdout]).toEqual([0, 'Hi, you = all Ann, 42 (3, just so).\n\nOh.\n']);
  expect(stderr).toMatch(/^chat \S+\nWho is it\?\n/);
  expect(await own()).toEqual([]);
  const { chats } = await client.api.chat.list.query({});
  expect(chats).toEqual([]);
  const wrong = await run(['run', path, '--param', 'times=many']);
  expect([wrong.code, wrong.stderr]).toEqual([
    5,
    expect.stringContaining('--param times: expected a value of type number as JSON'),
  ]);
  const none = await run(['run', path, '--param', 'times']);
  expect([none.code, none.stderr]).toEqual([5, expect.stringContaining('--param: expected key=value, got "times"')]);
});

test('[CLI-34] run asks at a terminal, and says what is wrong before it runs anything', async () => {
  const terminal = atTerminal(['workflow', 'run', await file('ask.json', asking), ...options]);
  await terminal.sees('stdout', 'Name? ');
  terminal.type('Bob\n');
  await terminal.sees('stdout', 'Age? ');
  terminal.type('7\n');
  await terminal.sees('stdout', 'number or word? ');
  terminal.type('Right\n');
  await terminal.sees('stdout', 'Good.');
  expect(await terminal.ended).toBe(0);
  const broken = await run(['run', await file('bad.json', brokenWorkflow)]);
  expect(broken).toMatchObject({ code: 1, stdout: '' });
  expect(broken.stderr).toMatch(/node echo, field text: \{\{nobody\.knows\}\}/);
});

test('[CLI-34] a run that nobody answers goes on waiting, with its workflow', async () => {
  const { code, stderr } = await run(['run', await file('ask.json', asking)]);
  expect(code).toBe(7);
  const [, id = ''] = /workflow (\S+) stays for its run/.exec(stderr) ?? [];
  expect((await own()).map((workflow) => workflow.id)).toEqual([id]);
  await client.api.workflow.delete.mutate({ workflowId: id });
});

test('[CLI-35] list has one workflow a line, as text or JSON', async () => {
  const { id } = await client.api.workflow.create.mutate({ name: 'Mine', definition: echoWorkflow });
  const { code, stdout } = await run(['list']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^\S{36} {2}Summarise \(version 1\) {2}Sums up .*$/m);
  expect(stdout).toContain(`${id}  Mine (version 1, not published)\n`);
  const mine = await run(['list', '--mine', '--json']);
  expect(JSON.parse(mine.stdout)).toMatchObject({ id, name: 'Mine', published: false });
});

test('[CLI-36] a field for files is asked for by path at a terminal and from a pipe, and what is not taken once more', async () => {
  const notes = await file('my notes.txt', 'milk and tea');
  const broken = join(folder, 'broken.txt');
  await writeFile(broken, Buffer.from([0xff, 0xfe, 0x00, 0x80]));
  const nodes = [
    { id: 'start', title: 'Start', type: 'start' },
    {
      id: 'ask',
      title: 'Ask',
      type: 'input',
      mode: 'form',
      prompt: 'Which papers?',
      fields: [
        { key: 'papers', label: 'Papers', type: 'files' },
        { key: 'more', label: 'More', type: 'files', required: false },
      ],
    },
    { id: 'say', title: 'Say', type: 'output', text: '{{ask.papers.0.name}}: {{ask.papers.1.text}}' },
    { id: 'end', title: 'End', type: 'end' },
  ];
  const edges = ['start>ask', 'ask>say', 'say>end'].map((edge) => {
    const [from, to] = edge.split('>');
    return { from, to };
  });
  const path = await file('papers.json', { nodes, edges });
  const lines = [
    ['none.txt', notes],
    [broken, notes],
    [notes, notes],
  ].map((papers) => JSON.stringify({ papers }));
  const piped = await run(['run', path], `${lines.join('\n')}\n`);
  expect([piped.code, piped.stdout]).toEqual([0, 'my notes.txt: milk and tea\n']);
  expect(piped.stderr).toContain('papers: none.txt: ENOENT');
  expect(piped.stderr).toContain(`papers: ${broken}: `);
  expect(piped.stderr).toContain('file my notes.txt (text/plain, 12 bytes)\n');
  const terminal = atTerminal(['workflow', 'run', path, ...options]);
  for (const [prompt, line] of [
    ['Papers (path of a file)? ', ' /no/such/file'],
    ['Papers: /no/such/file: ENOENT', ` ${notes}`],
    ['Papers (path of another file, may be empty)? ', ` ${notes}`],
    ['file my notes.txt (text/plain, 12 bytes)', ''],
    ['More (path of a file, may be empty)? ', ''],
  ] as const) {
    await terminal.sees('screen', prompt);
    terminal.type(`${line}\r`);
  }
  await terminal.sees('screen', 'my notes.txt: milk and tea');
  expect(await terminal.ended).toBe(0);
});
