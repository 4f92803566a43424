import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { appRouter } from '../../server/routers/app-router.ts';
import type { ApiKey } from '../../shared/api-key.ts';
import type { Assistant } from '../../shared/assistant.ts';
import type { Chat } from '../../shared/chat.ts';
import { newId } from '../../shared/new-id.ts';
import type { WorkflowDetails } from '../../shared/workflow.ts';
import { askingHandler } from '../helpers/asking-handler.ts';
import { echoWorkflow } from '../helpers/echo-workflow.ts';
import { RawClient } from '../helpers/raw-client.ts';
import type { RawStream, WireError } from '../helpers/raw-client.ts';
import { startServerWithModel } from '../helpers/server.ts';
import type { ServerWithModel } from '../helpers/server.ts';
import { root } from '../helpers/source-files.ts';
import { assistantId as seededAssistant, workflowId as seededWorkflow } from '../helpers/store-chat.ts';
import { authSecret, tokenFor } from '../helpers/tokens.ts';

/** What belongs to the owner, and what a stranger has of the same. */
interface Things {
  readonly chatId: string;
  /** Of a chat to be made; the owner's is another one of hers. */
  readonly newChatId: string;
  readonly messageId: string;
  readonly runId: string;
  readonly keyId: string;
  readonly assistantId: string;
  readonly workflowId: string;
  /** Of a run of that workflow. */
  readonly workflowRunId: string;
  /** Where a question is pending, and which. */
  readonly askedChatId: string;
  readonly inputId: string;
  /** A file. */
  readonly attachments: string;
}

interface Row {
  /** What a call takes; ids are its owner's. */
  readonly input: (things: Things) => Readonly<Record<string, unknown>>;
  /**
   * Every id that it takes, by its path in the input. `owned`: another user's is like a missing one. Otherwise why it
   * may be anybody's.
   */
  readonly ids: Readonly<Record<string, string>>;
}

const ofChat: Row = { input: ({ chatId }) => ({ chatId }), ids: { chatId: 'owned' } };
const ofShare: Row = { input: () => ({ shareId: 'x'.repeat(22) }), ids: {} };
const withoutIds: Row = { input: () => ({}), ids: {} };
const free = 'a message id counts in its chat only: what another chat has is free here (SND-7)';
const catalog = 'published apps are everybody’s; one that is not published is tested below (APP-6)';
const ofWorkflow: Row = { input: ({ workflowId }) => ({ workflowId }), ids: { workflowId: 'owned' } };
const ofAssistant: Row = { input: ({ assistantId }) => ({ assistantId }), ids: { assistantId: 'owned' } };

/** A row for each procedure. What this has to say about a new one is the question that the test asks. */
const table: Readonly<Record<string, Row>> = {
  'chat.create': {
    input: ({ chatId }) => ({ chatId, app: { kind: 'assistant', id: seededAssistant } }),
    ids: { chatId: 'owned', 'app.id': catalog },
  },
  'chat.get': ofChat,
  'chat.list': withoutIds,
  'chat.history': ofChat,
  'chat.send': {
    input: ({ chatId, attachments }) => ({ chatId, messageId: newId(), text: 'hello', attachments: [attachments] }),
    ids: { chatId: 'owned', messageId: free, attachments: 'owned' },
  },
  'chat.regenerate': {
    input: ({ chatId, messageId }) => ({ chatId, messageId, newMessageId: newId() }),
    ids: { chatId: 'owned', messageId: 'owned', newMessageId: free },
  },
  'chat.edit': {
    input: ({ chatId, messageId, attachments }) => {
      const text = 'mine now';
      return { chatId, messageId, newMessageId: newId(), text, attachments: [attachments] };
    },
    ids: { chatId: 'owned', messageId: 'owned', newMessageId: free, attachments: 'owned' },
  },
  'chat.selectBranch': {
    input: ({ chatId, messageId }) => ({ chatId, messageId }),
    ids: { chatId: 'owned', messageId: 'owned' },
  },
  'chat.fork': {
    input: ({ chatId, messageId, newChatId }) => ({ chatId, messageId, newChatId }),
    ids: { chatId: 'owned', messageId: 'owned', newChatId: 'owned' },
  },
  'chat.stream': ofChat,
  'chat.stop': { input: ({ chatId, runId }) => ({ chatId, runId }), ids: { chatId: 'owned', runId: 'owned' } },
  'chat.queue.list': ofChat,
  'chat.queue.edit': {
    input: ({ chatId, runId }) => ({ chatId, runId, text: 'mine now' }),
    ids: { chatId: 'owned', runId: 'owned' },
  },
  'chat.queue.move': {
    input: ({ chatId, runId }) => ({ chatId, runId, before: runId }),
    ids: { chatId: 'owned', runId: 'owned', before: 'looked for in the chat’s own queue only (QUE-4)' },
  },
  'chat.queue.withdraw': {
    input: ({ chatId, runId }) => ({ chatId, runId }),
    ids: { chatId: 'owned', runId: 'owned' },
  },
  'chat.queue.resume': ofChat,
  'chat.respond': {
    input: ({ askedChatId, inputId }) => ({ chatId: askedChatId, inputId, value: 'left' }),
    ids: { chatId: 'owned', inputId: 'owned' },
  },
  'chat.rename': { input: ({ chatId }) => ({ chatId, title: 'mine now' }), ids: { chatId: 'owned' } },
  'chat.archive': { input: ({ chatId }) => ({ chatId, archived: true }), ids: { chatId: 'owned' } },
  'chat.delete': ofChat,
  'chat.watch': withoutIds,
  'chat.markRead': ofChat,
  'chat.share': ofChat,
  'chat.unshare': ofChat,
  'chat.feedback': {
    input: ({ chatId, messageId }) => ({ chatId, messageId, rating: 'like' }),
    ids: { chatId: 'owned', messageId: 'owned' },
  },
  'chat.export': ofChat,
  'chat.usage': ofChat,
  // A share id is for whoever has it; share.test.ts shows what it opens.
  'share.get': ofShare,
  'share.history': ofShare,
  'share.stream': ofShare,
  'assistant.list': withoutIds,
  'assistant.create': { input: () => ({ name: 'mine' }), ids: {} },
  'assistant.get': ofAssistant,
  'assistant.update': {
    input: ({ assistantId }) => ({ assistantId, name: 'mine now' }),
    ids: { assistantId: 'owned' },
  },
  'assistant.publish': ofAssistant,
  'assistant.unpublish': ofAssistant,
  'assistant.delete': ofAssistant,
  'assistant.versions': ofAssistant,
  'assistant.feedback': ofAssistant,
  'workflow.list': withoutIds,
  'workflow.create': { input: () => ({ name: 'mine', definition: echoWorkflow }), ids: {} },
  'workflow.get': ofWorkflow,
  'workflow.update': { input: ({ workflowId }) => ({ workflowId, name: 'mine now' }), ids: { workflowId: 'owned' } },
  'workflow.publish': ofWorkflow,
  'workflow.unpublish': ofWorkflow,
  'workflow.delete': ofWorkflow,
  'workflow.versions': ofWorkflow,
  'workflow.validate': ofWorkflow,
  'workflow.testNode': {
    input: ({ workflowId }) => ({ workflowId, nodeId: 'end', values: { 'start.message': 'x' } }),
    ids: { workflowId: 'owned' },
  },
  'workflow.runLog': { input: ({ workflowRunId }) => ({ runId: workflowRunId }), ids: { runId: 'owned' } },
  'model.list': withoutIds,
  'tool.list': withoutIds,
  'server.info': withoutIds,
  'account.me': withoutIds,
  'account.usage': withoutIds,
  'account.refresh': { input: () => ({ token: 'x' }), ids: {} },
  'account.apiKeys.create': { input: () => ({ name: 'x' }), ids: {} },
  'account.apiKeys.list': withoutIds,
  'account.apiKeys.revoke': { input: ({ keyId }) => ({ keyId }), ids: { keyId: 'owned' } },
};

interface Procedure {
  readonly _def: { readonly type: 'query' | 'mutation' | 'subscription'; readonly inputs: readonly z.ZodType[] };
}

const procedures = Object.entries(appRouter._def.procedures as unknown as Record<string, Procedure>);

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly anyOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly pattern?: string;
  readonly format?: string;
}

/** Paths of everything in an input that has to look like an id. */
function idsIn(schema: JsonSchema, path: readonly string[] = []): string[] {
  if (path.length > 0 && (schema.format === 'guid' || /0-9a-fA-F\]\{8\}/.test(schema.pattern ?? '')))
    return [path.join('.')];
  const inside = Object.entries(schema.properties ?? {}).flatMap(([name, part]) => idsIn(part, [...path, name]));
  const others = [...(schema.anyOf ?? []), ...(schema.items ? [schema.items] : [])];
  return [...new Set([...inside, ...others.flatMap((part) => idsIn(part, path))])];
}

const idsOf = ({ _def }: Procedure): string[] =>
  _def.inputs.flatMap((schema) => idsIn(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema));

/** The same input with one of its ids in place of another. */
function withId(input: Readonly<Record<string, unknown>>, path: string, id: string): Record<string, unknown> {
  const [first = '', ...rest] = path.split('.');
  const inner = input[first] as Readonly<Record<string, unknown>>;
  if (Array.isArray(inner)) return { ...input, [first]: [id] };
  return { ...input, [first]: rest.length === 0 ? id : withId(inner, rest.join('.'), id) };
}

interface Answer {
  readonly code: string;
  readonly message: string;
}

/** What a call is refused with; ids are left out of the words. */
async function refusal(client: RawClient, path: string, procedure: Procedure, input: unknown): Promise<Answer> {
  const error =
    procedure._def.type === 'subscription'
      ? await endOf(client, path, input)
      : await answerTo(client, path, procedure, input);
  return { code: error?.data.code ?? 'no error', message: (error?.message ?? '').replaceAll(/[\da-f-]{36}/g, 'ID') };
}

async function answerTo(client: RawClient, path: string, { _def }: Procedure, input: unknown) {
  return (await client.request({ method: _def.type, params: { path, input } })).error;
}

/** What a stream is ended with. */
async function endOf(client: RawClient, path: string, input: unknown): Promise<WireError | null> {
  const stream = opened(client, path, input);
  await stream.until(({ error, received }) => error !== null || received.length > 0);
  return stream.error;
}

function opened(client: RawClient, path: string, input: unknown): RawStream {
  if (path === 'chat.watch') return client.watch();
  if (['chat.stream', 'share.stream'].includes(path)) return client.stream(input as { chatId: string });
  throw new Error(`expected to know how ${path} is opened`);
}

async function thingsOf(client: RawClient, upload: () => Promise<string>): Promise<Things> {
  const { id: chatId } = await client.mutate<Chat>('chat.create', {});
  const sent = await client.mutate<{ messageId: string; runId: string }>('chat.send', { chatId, text: 'mine' });
  const key = await client.mutate<ApiKey>('account.apiKeys.create', { name: 'mine' });
  const assistant = await client.mutate<Assistant>('assistant.create', { name: 'mine' });
  const { id: newChatId } = await client.mutate<Chat>('chat.create', {});
  const { messageId, runId } = sent;
  const { id: askedChatId } = await client.mutate<Chat>('chat.create', {
    app: { kind: 'workflow', id: seededWorkflow },
  });
  await client.mutate('chat.send', { chatId: askedChatId, text: 'ask 1' });
  const stream = client.stream({ chatId: askedChatId });
  await stream.until(({ view }) => (view?.pendingInput ?? null) !== null);
  const inputId = stream.view?.pendingInput?.id ?? '';
  const workflow = await client.mutate<WorkflowDetails>('workflow.create', { name: 'mine', definition: echoWorkflow });
  const own = await client.mutate<Chat>('chat.create', { app: { kind: 'workflow', id: workflow.id } });
  const asked = await client.mutate<{ runId: string }>('chat.send', { chatId: own.id, text: 'mine' });
  const apps = { assistantId: assistant.id, workflowId: workflow.id, workflowRunId: asked.runId };
  const ids = { chatId, newChatId, messageId, runId, keyId: key.id, ...apps, askedChatId, inputId };
  return { ...ids, attachments: await upload() };
}

describe('ownership', () => {
  let running: ServerWithModel;
  let ann: Things;
  let bob: Things;
  beforeAll(async () => {
    running = await startServerWithModel({}, { authSecret, handlers: { workflow: { run: askingHandler } } });
    await using owner = await connectAs('ann');
    ann = await thingsOf(owner, () => uploadAs('ann'));
    await using stranger = await connectAs('bob');
    bob = await thingsOf(stranger, () => uploadAs('bob'));
  });
  afterAll(() => running[Symbol.asyncDispose]());

  const uploadAs = async (user: string) => {
    const headers = { authorization: `Bearer ${await tokenFor(user)}`, 'content-type': 'text/plain' };
    const response = await fetch(`${running.url}/files`, { method: 'POST', headers, body: 'mine' });
    return ((await response.json()) as { fileId: string }).fileId;
  };

  const connectAs = async (user: string) => RawClient.connect(running.url, { token: await tokenFor(user) });

  test('[AUTH-11] every procedure has a row here, with every id that it takes', () => {
    expect(Object.keys(table).toSorted()).toEqual(procedures.map(([path]) => path).toSorted());
    const taken = Object.fromEntries(procedures.map(([path, procedure]) => [path, idsOf(procedure).toSorted()]));
    const known = Object.fromEntries(
      Object.entries(table).map(([path, { ids }]) => [path, Object.keys(ids).toSorted()]),
    );
    expect(known).toEqual(taken);
    expect(Object.values(taken).flat().length).toBeGreaterThan(10);
  });

  test.for(procedures.filter(([path]) => Object.values(table[path]?.ids ?? {}).includes('owned')))(
    '[AUTH-11] %s: another user’s id is like a missing one',
    async ([path, procedure]) => {
      const { input, ids } = table[path] ?? withoutIds;
      await using stranger = await connectAs('bob');
      for (const name of Object.keys(ids).filter((id) => ids[id] === 'owned')) {
        const foreign = await refusal(
          stranger,
          path,
          procedure,
          withId(input(bob), name, ann[(path === 'workflow.runLog' ? 'workflowRunId' : name) as keyof Things]),
        );
        expect([name, foreign.code]).toEqual([name, 'NOT_FOUND']);
        // A chat that is missing is made; the words are then those of every other question about one.
        const isMade = path === 'chat.create' || name === 'newChatId';
        const [asked, given] = isMade ? ['chat.get', { chatId: newId() }] : [path, withId(input(bob), name, newId())];
        const missing = await refusal(stranger, asked, procedureOf(asked), given);
        expect(foreign).toEqual(missing);
      }
    },
  );

  test('[AUTH-11] nothing of it has touched what is the owner’s', async () => {
    await using owner = await connectAs('ann');
    const { chat, queue } = await owner.query<{ chat: Chat; queue: unknown[] }>('chat.get', { chatId: ann.chatId });
    expect(chat).toMatchObject({ title: null, archivedAt: null });
    expect(queue).toEqual([]);
    const { keys } = await owner.query<{ keys: ApiKey[] }>('account.apiKeys.list');
    expect(keys.map(({ id, revokedAt }) => [id, revokedAt])).toEqual([[ann.keyId, null]]);
    const { messages } = await owner.query<{ messages: { parts: unknown }[] }>('chat.history', { chatId: ann.chatId });
    expect(messages).toHaveLength(2);
    const { assistantId } = ann;
    const assistant = await owner.query<Assistant>('assistant.get', { assistantId });
    expect(assistant).toMatchObject({ name: 'mine', version: 1, published: false });
  });

  test('[AUTH-11] a published assistant of another user is seen, and like a missing one for every change', async () => {
    await using owner = await connectAs('ann');
    await using stranger = await connectAs('bob');
    const { id: assistantId } = await owner.mutate<Assistant>('assistant.create', { name: 'seen' });
    const app = { kind: 'assistant', id: assistantId };
    const isUnpublished = await refusal(stranger, 'chat.create', procedureOf('chat.create'), { app });
    const missing = { app: { kind: 'assistant', id: newId() } };
    expect(isUnpublished).toEqual(await refusal(stranger, 'chat.create', procedureOf('chat.create'), missing));
    await owner.mutate('assistant.publish', { assistantId });
    expect(await stranger.query('assistant.get', { assistantId })).toMatchObject({ name: 'seen', owned: false });
    expect(await stranger.mutate('chat.create', { app })).toMatchObject({ app });
    for (const path of ['update', 'publish', 'unpublish', 'delete', 'versions', 'feedback'].map(
      (name) => `assistant.${name}`,
    )) {
      const input = { ...table[path]?.input(bob) };
      const foreign = await refusal(stranger, path, procedureOf(path), { ...input, assistantId });
      const unknown = await refusal(stranger, path, procedureOf(path), { ...input, assistantId: newId() });
      const ours = await refusal(stranger, path, procedureOf(path), { ...input, assistantId: seededAssistant });
      expect([path, foreign.code, unknown, ours]).toEqual([path, 'NOT_FOUND', foreign, foreign]);
    }
    expect(await owner.query('assistant.get', { assistantId })).toMatchObject({ name: 'seen', version: 1 });
  });

  test('[AUTH-11] every procedure is UNAUTHENTICATED without a token, with a bad one, an expired and a revoked one', async () => {
    await using owner = await connectAs('ann');
    const { id, secret } = await owner.mutate<ApiKey & { secret: string }>('account.apiKeys.create', { name: 'gone' });
    const connect = (token?: string) => RawClient.connect(running.url, token === undefined ? undefined : { token });
    // Each connects when it is its turn: a socket without a valid token is closed soon after.
    const callers: Readonly<Record<string, () => Promise<RawClient>>> = {
      'no token': () => connect(),
      'a bad token': () => connect('x'),
      'an expired token': async () => connect(await tokenFor('ann', { expiresIn: -1 })),
      'a key revoked on this connection': async () => {
        const revoked = await connect(secret);
        expect(await revoked.query('account.me')).toMatchObject({ id: 'ann' });
        await owner.mutate('account.apiKeys.revoke', { keyId: id });
        return revoked;
      },
      'a revoked key': () => connect(secret),
    };
    for (const [name, connected] of Object.entries(callers)) {
      await using caller = await connected();
      const codes = procedures.map(async ([path, procedure]) => {
        const { code } = await refusal(caller, path, procedure, table[path]?.input(ann));
        return [name, path, code];
      });
      const expected = (path: string) => (name === 'no token' ? codeOfGuest(path) : 'UNAUTHENTICATED');
      expect(await Promise.all(codes)).toEqual(procedures.map(([path]) => [name, path, expected(path)]));
    }
  });

  test('[AUTH-11] over HTTP as well', async () => {
    for (const [path, { _def }] of procedures.filter(([, { _def }]) => _def.type !== 'subscription')) {
      const input = JSON.stringify(table[path]?.input(ann));
      const url = `${running.url}/trpc/${path}`;
      const json = { 'content-type': 'application/json', Authorization: 'Bearer sb_x' };
      const response =
        _def.type === 'query'
          ? await fetch(`${url}?input=${encodeURIComponent(input)}`)
          : await fetch(url, { method: 'POST', body: input, headers: json });
      const { error } = (await response.json()) as { error: WireError };
      const code = codeOfGuest(path);
      expect([path, response.status, error.data.code]).toEqual([path, code === 'NOT_FOUND' ? 404 : 401, code]);
    }
  });

  test('[AUTH-11] [SHR-4] whoever has no token but the id of a share reads it, and reaches nothing else of its owner', async () => {
    await using owner = await connectAs('ann');
    const { shareId } = await owner.mutate<{ shareId: string }>('chat.share', { chatId: ann.chatId });
    // Each is a guest of its own, because one call of anything else ends it.
    const codes = procedures.map(async ([path, procedure]) => {
      await using guest = await RawClient.connect(running.url);
      const input = path.startsWith('share.') ? { shareId } : table[path]?.input(ann);
      return [path, (await refusal(guest, path, procedure, input)).code];
    });
    const expected = (path: string) => (path.startsWith('share.') ? 'no error' : 'UNAUTHENTICATED');
    expect(await Promise.all(codes)).toEqual(procedures.map(([path]) => [path, expected(path)]));
    expect(procedures.filter(([path]) => path.startsWith('share.')).map(([, { _def }]) => _def.type)).not.toContain(
      'mutation',
    );
    await owner.mutate('chat.unshare', { chatId: ann.chatId });
  });
});

/** Whoever has no token is let in to what is shared (SHR-4), and there is nothing under the id of the table. */
function codeOfGuest(path: string): 'NOT_FOUND' | 'UNAUTHENTICATED' {
  return path.startsWith('share.') ? 'NOT_FOUND' : 'UNAUTHENTICATED';
}

function procedureOf(path: string): Procedure {
  const procedure = Object.fromEntries(procedures)[path];
  if (!procedure) throw new Error(`expected a procedure ${path}`);
  return procedure;
}

describe('the store', () => {
  const source = (path: string) => readFileSync(join(root, path), 'utf8');

  const methodsOf = (path: string, name: string) => {
    const [, port = ''] = source(path).split(`interface ${name} {`);
    const methods = [...port.matchAll(/^ {2}(\w+)\(\s*(\w*)/gm)];
    if (methods.length === 0) throw new Error(`expected ${path} to declare methods of an interface ${name}`);
    return methods.map(([, method = '', first]) => ({ name: method, first }));
  };

  /** The parts that the store's port is made of, each in the file that it is imported from. */
  const methodsOfStore = () => {
    const [head = '', parts = ''] = source('db/store.ts').split('export type Store =');
    const imports = head.matchAll(/^import type \{ (\w+) \} from '\.\/(.+)';/gm);
    const files = new Map([...imports].map(([, name, file]) => [name, `db/${file}`]));
    return [...parts.matchAll(/\w+/g)].flatMap(([name]) => methodsOf(files.get(name) ?? 'db/store.ts', name));
  };

  /** The catalog, which is everybody's, and what is done inside, for a chat that was asked for by its owner. */
  const forNobody = [
    'ping',
    'assistant',
    'workflow',
    'addToLog',
    'keepRegistered',
    'deleteDebugChats',
    'entries',
    'startNext',
    'takeSteering',
    'record',
    'intendToolCalls',
    'moveToolCalls',
    'nextModelCall',
    'closeSideCall',
    'finish',
    'suspend',
    'expireInputs',
    'abandon',
    'recover',
    'messagesBefore',
    'conversationBefore',
    'keepSummary',
    'sharedChat',
    'indexMessages',
    'unindexed',
    'watchedChats',
    'sharedFile',
    'unused',
    'forget',
  ];

  test('[AUTH-12] takes the user for everything else than the catalog and what only the inside asks', () => {
    const methods = [
      ...methodsOfStore(),
      ...methodsOf('db/assistant-store.ts', 'AssistantStore'),
      ...methodsOf('db/file-records.ts', 'FileRecords'),
      ...methodsOf('db/workflow-store.ts', 'WorkflowStore'),
      ...methodsOf('db/node-log-store.ts', 'NodeLogStore'),
    ];
    expect(methods.length).toBeGreaterThan(25);
    expect(
      methods
        .filter(({ first }) => first !== 'userId')
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(forNobody.toSorted());
  });

  test('[AUTH-12] is asked by procedures with the user only', () => {
    const routers = ['account', 'app-router', 'assistant', 'catalog', 'chat', 'queue', 'share', 'workflow'].map(
      (name) => source(`server/routers/${name}.ts`),
    );
    const calls = [...routers.join('\n').matchAll(/ctx\.(?:store|assistants|workflows|nodeLogs)\.(\w+)\(\s*([\w.]*)/g)];
    expect(calls.length).toBeGreaterThan(5);
    for (const [call, , first] of calls) expect([call, first]).toEqual([call, 'ctx.user.id']);
  });
});
