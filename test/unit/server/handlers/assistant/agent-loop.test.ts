import type { MessageId } from '../../../../../shared/ids.ts';
import { newId } from '../../../../../shared/new-id.ts';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { limits } from '../../../../../shared/limits.ts';
import type { Part, ToolPart } from '../../../../../shared/message.ts';
import { createAssistantHandler } from '../../../../../server/handlers/assistant/assistant-handler.ts';
import type { Question } from '../../../../../shared/run.ts';
import type { ChatHandler, HandlerEvent, HandlerRun } from '../../../../../server/handlers/handler.ts';
import { promptMessages } from '../../../../../server/handlers/assistant/prompt-messages.ts';
import { createModels } from '../../../../../server/handlers/models.ts';
import { defineTool } from '../../../../../server/handlers/tools/tool.ts';
import type { Tool } from '../../../../../server/handlers/tools/tool.ts';
import { Toolset } from '../../../../../server/handlers/tools/toolset.ts';
import { sampleChat, sampleMessage } from '../../../../helpers/samples.ts';
import { gate } from '../../../../helpers/scripted-server.ts';
import { memoryLedger } from '../../../../helpers/memory-ledger.ts';
import { startModelProvider } from '../../../../helpers/model-provider.ts';
import type { ModelProvider, ProviderAnswer, ProviderChunk } from '../../../../helpers/model-provider.ts';
import { codeOf, handlerRun, produce, sampleAssistant } from '../handler-run.ts';
import type { Produced } from '../handler-run.ts';

const protocols = ['openai', 'anthropic'] as const;
type Protocol = (typeof protocols)[number];

const add = defineTool({
  name: 'add',
  description: 'Adds two numbers.',
  schema: z.object({ a: z.number(), b: z.number() }),
  readOnly: true,
  execute: ({ a, b }) => a + b,
});

/** The same tool, in other respects. */
const variant = (changed: Partial<Tool>): Tool => ({ ...add, ...changed });

interface Scene {
  readonly provider: ModelProvider;
  readonly handler: ChatHandler;
}

interface SceneOptions {
  readonly tools?: readonly Tool[];
  /** Tools of which a person is asked before each call; true: all. */
  readonly approval?: boolean | readonly string[];
  readonly steps?: number;
  readonly modelIdleMs?: number;
}

afterEach(() => vi.unstubAllEnvs());

/** A model that answers request after request as the script says, and an assistant with tools. */
async function scene(
  protocol: Protocol,
  script: readonly (readonly ProviderChunk[] | ProviderAnswer)[],
  { tools = [add], approval = false, steps, modelIdleMs }: SceneOptions = {},
): Promise<Scene & AsyncDisposable> {
  const provider = await startModelProvider({
    answer: ({ index }) => script[Math.min(index, script.length - 1)] ?? [],
  });
  vi.stubEnv('ANTHROPIC_BASE_URL', provider.anthropicUrl);
  const models = createModels({
    openaiBaseUrl: provider.url,
    anthropicApiKey: 'key',
    defaultModel: `${protocol}:double`,
  });
  const toolset = new Toolset(
    tools.map((tool) => ({
      tool,
      approval: approval === true || (approval !== false && approval.includes(tool.name)),
    })),
  );
  const handler = createAssistantHandler({
    models,
    assistant: async () => sampleAssistant({ tools: [{ name: 'all' }], limits: { steps: steps ?? null } }),
    toolset: async () => toolset,
    ...(modelIdleMs !== undefined && { modelIdleMs }),
  });
  return { provider, handler, [Symbol.asyncDispose]: () => provider.close() };
}

/** The parts that an answer has in the end, tool calls as they were set last. */
function partsOf({ events }: Pick<Produced, 'events'>): Part[] {
  const parts: Part[] = [];
  for (const event of events) {
    const last = parts.at(-1);
    if (event.type === 'part') {
      const known = parts.findIndex((part) => part.type === 'tool' && part.toolCallId === event.key);
      if (known === -1) parts.push(event.value);
      else parts[known] = event.value;
    } else if (event.type === 'text') {
      if (last?.type === 'text') last.text += event.text;
      else parts.push({ type: 'text', text: event.text });
    }
  }
  return parts;
}

function toolsOf(produced: Pick<Produced, 'events'>): ToolPart[] {
  return partsOf(produced).filter((part): part is ToolPart => part.type === 'tool');
}

function statesOf(events: readonly HandlerEvent[], id: string | undefined): string[] {
  return events.flatMap((event) =>
    event.type === 'part' && event.key === id && event.value.type === 'tool' ? [event.value.state] : [],
  );
}

function questionOf({ events }: Produced): Question {
  const last = events.at(-1);
  if (last?.type !== 'ask') throw new Error(`expected a question as the last event, got ${last?.type}`);
  return last.input;
}

/** The same run after the answer of a person. */
function resumed(
  run: HandlerRun,
  before: readonly Produced[],
  answers: readonly { question: Question; value: unknown; expired?: boolean }[],
): HandlerRun {
  return {
    ...run,
    resumed: {
      parts: partsOf({ events: before.flatMap(({ events }) => events) }),
      answers: answers.map(({ question, value, expired = false }) => ({
        inputId: question.id,
        kind: question.kind,
        subject: question.subject,
        value,
        answeredBy: 'local',
        expired,
      })),
    },
  };
}

const three = { call: 'add', args: { a: 1, b: 2 } } as const;

describe.each(protocols)('an answer of %s with tools', (protocol) => {
  test('[TOOL-37] is followed by what its tools have read, each once, also after a person was asked; a later turn is not told', async () => {
    const sources = (output: unknown) => [
      { title: `page ${String(output)}`, url: `https://example.org/${String(output)}` },
    ];
    const tool = variant({ sources });
    const five = { call: 'add', args: { a: 2, b: 3 } } as const;
    await using at = await scene(protocol, [[three, five], [three], ['Done.']], { tools: [tool] });
    const produced = await produce(at.handler, handlerRun('add'));
    expect(produced.error).toBeNull();
    const parts = partsOf(produced);
    expect(parts.map(({ type }) => type)).toEqual(['tool', 'tool', 'tool', 'text', 'source', 'source']);
    expect(parts.slice(-2)).toEqual([
      { type: 'source', title: 'page 3', url: 'https://example.org/3' },
      { type: 'source', title: 'page 5', url: 'https://example.org/5' },
    ]);
    const told = promptMessages({
      prompt: '',
      text: 'and?',
      historyTokens: 1_000,
      history: [
        sampleMessage(sampleChat(), { role: 'user', parts: [{ type: 'text', text: 'add' }] }),
        sampleMessage(sampleChat(), { status: 'completed', parts }),
      ],
    });
    expect(told.map(({ text }) => text).slice(-2)).toEqual(['Done.', 'and?']);

    await using asked = await scene(protocol, [[three], ['Done.']], { tools: [tool], approval: true });
    const run = handlerRun('add');
    const before = await produce(asked.handler, run);
    const answer = { question: questionOf(before), value: { decision: 'approve' } };
    const after = await produce(asked.handler, resumed(run, [before], [answer]));
    expect(partsOf(after).map(({ type }) => type)).toEqual(['tool', 'text', 'source']);
  });

  test('[TOOL-1] has its calls as parts that change, and goes on with what came of them', async () => {
    await using at = await scene(protocol, [
      ['Let me see. ', three],
      ['It is ', '3.'],
    ]);
    const produced = await produce(at.handler, handlerRun('1+2?'));
    expect(produced.error).toBeNull();
    const [, call] = partsOf(produced);
    expect(partsOf(produced)).toEqual([
      { type: 'text', text: 'Let me see. ' },
      {
        type: 'tool',
        toolCallId: expect.any(String),
        name: 'add',
        input: { a: 1, b: 2 },
        state: 'done',
        output: 3,
        durationMs: expect.any(Number),
        step: 1,
        readOnly: true,
      },
      { type: 'text', text: 'It is 3.' },
    ]);
    expect(statesOf(produced.events, (call as ToolPart).toolCallId)).toEqual(['running', 'done']);
    const told = JSON.stringify(at.provider.requests[1]?.body.messages);
    expect(told).toContain('Let me see. ');
    expect(told).toContain((call as ToolPart).toolCallId);
  });

  test('[TOOL-1] may have its arguments cut anywhere', async () => {
    const text = JSON.stringify({ a: 1, b: 2, note: 'né 漢 "🙂" \\' });
    for (let at = 1; at < text.length; at += 1) {
      const pieces = [text.slice(0, at), text.slice(at)];
      if (!text.slice(0, at).isWellFormed()) continue;
      await using one = await scene(protocol, [[{ call: 'add', pieces }], ['ok']]);
      const produced = await produce(one.handler, handlerRun('go'));
      expect(toolsOf(produced)).toMatchObject([{ state: 'done', output: 3 }]);
    }
  });

  test('[TOOL-2] has the calls of one step made at once, and shows each when it ends', async () => {
    const [first, second] = [gate(), gate()];
    const meet = defineTool({
      name: 'meet',
      description: 'Waits for the other.',
      schema: z.object({ who: z.string() }),
      readOnly: true,
      async execute({ who }) {
        (who === 'a' ? first : second).open();
        await Promise.all([first.passed, second.passed]);
        return who;
      },
    });
    const calls = ['a', 'b'].map((who) => ({ call: 'meet', args: { who } }));
    await using at = await scene(protocol, [calls, ['met']], { tools: [meet] });
    const produced = await produce(at.handler, handlerRun('go'));
    expect(toolsOf(produced)).toMatchObject([
      { state: 'done', output: 'a', step: 1 },
      { state: 'done', output: 'b', step: 1 },
    ]);
    expect(produced.text).toBe('met');
  });

  test('[TOOL-3] tells the model what failed, and goes on', async () => {
    const broken = variant({ execute: () => Promise.reject(new Error('no such number')) });
    await using at = await scene(protocol, [[three], ['sorry']], { tools: [broken] });
    const produced = await produce(at.handler, handlerRun('go'));
    expect(toolsOf(produced)).toMatchObject([{ state: 'failed', error: 'no such number' }]);
    expect(JSON.stringify(at.provider.requests[1]?.body.messages)).toContain('no such number');
    expect(produced).toMatchObject({ text: 'sorry', error: null });
  });

  test.each([
    ['arguments that do not fit', { call: 'add', args: { a: 'one', b: 2 } }],
    ['arguments that are no JSON', { call: 'add', pieces: ['{"a":'] }],
    ['a tool that there is not', { call: 'subtract', args: {} }],
  ])('[TOOL-4] gives %s back to the model twice in a row, and then fails', async (_, wrong) => {
    await using forgiven = await scene(protocol, [[wrong], [wrong], [three], [wrong], ['ok']]);
    const good = await produce(forgiven.handler, handlerRun('go'));
    expect(good.error).toBeNull();
    expect(toolsOf(good).map(({ state }) => state)).toEqual(['failed', 'failed', 'done', 'failed']);
    await using stubborn = await scene(protocol, [[wrong]]);
    const bad = await produce(stubborn.handler, handlerRun('go'));
    expect(codeOf(bad.error)).toBe('TOOL_FAILED');
    expect(stubborn.provider.requests).toHaveLength(3);
    expect(toolsOf(bad).map(({ state }) => state)).toEqual(['failed', 'failed', 'failed']);
  });

  test('[TOOL-5] calls tools at most as often as the assistant lets it', async () => {
    await using at = await scene(protocol, [[three]], { steps: 2 });
    const { error, events } = await produce(at.handler, handlerRun('go'));
    expect(codeOf(error)).toBe('TOOL_FAILED');
    expect(String(error)).toContain('2 times');
    expect(at.provider.requests).toHaveLength(3);
    expect(toolsOf({ events }).map(({ state }) => state)).toEqual(['done', 'done']);
  });

  test('[TOOL-5] calls at most so many at once', async () => {
    await using at = await scene(protocol, [Array.from({ length: limits.toolCallsPerStep + 1 }, () => three)]);
    const { error, events } = await produce(at.handler, handlerRun('go'));
    expect(codeOf(error)).toBe('TOOL_FAILED');
    expect(toolsOf({ events })).toEqual([]);
  });

  test('[TOOL-6] ends a call that takes too long: failed when it changes nothing, else uncertain', async () => {
    const stuck = (name: string, readOnly: boolean) =>
      variant({ name, readOnly, timeoutMs: 20, execute: () => new Promise(() => {}) });
    const calls = [
      { ...three, call: 'read' },
      { ...three, call: 'write' },
    ];
    await using at = await scene(protocol, [calls, ['ok']], { tools: [stuck('read', true), stuck('write', false)] });
    const produced = await produce(at.handler, handlerRun('go'));
    expect(toolsOf(produced)).toMatchObject([
      { name: 'read', state: 'failed', error: 'it took longer than 20 ms' },
      { name: 'write', state: 'uncertain' },
    ]);
    expect(JSON.stringify(at.provider.requests[1]?.body.messages)).toContain('not known');
  });

  test('[TOOL-7] aborts its tools when the run is stopped, and waits for none', async () => {
    const began = gate();
    let aborted = false;
    const deaf = variant({
      execute(_, { signal }) {
        signal.addEventListener('abort', () => (aborted = true));
        began.open();
        return new Promise(() => {});
      },
    });
    await using at = await scene(protocol, [[three]], { tools: [deaf] });
    const stop = new AbortController();
    const produced = produce(at.handler, handlerRun('go'), stop.signal);
    await began.passed;
    stop.abort(new Error('stopped'));
    expect(String((await produced).error)).toContain('stopped');
    expect(aborted).toBe(true);
    expect(at.provider.requests).toHaveLength(1);
  });

  test('[TOOL-8] gives signs of life while a tool works', async () => {
    const slow = gate();
    const tool = variant({ execute: () => slow.passed });
    await using at = await scene(protocol, [[three], ['ok']], { tools: [tool], modelIdleMs: 30 });
    let alive = 0;
    for await (const event of at.handler.run(handlerRun('go'), { signal: new AbortController().signal })) {
      if (event.type === 'alive' && at.provider.requests.length === 1) alive += 1;
      if (alive === 20) slow.open();
    }
    expect(alive).toBeGreaterThanOrEqual(20);
  });

  test('[TOOL-9] counts the usage of all its steps', async () => {
    const usage = (input: number, output: number) => ({ usage: { input, output } });
    await using at = await scene(protocol, [
      [three, usage(10, 3)],
      [three, usage(20, 4)],
      ['ok', usage(30, 5)],
    ]);
    const produced = await produce(at.handler, handlerRun('go'));
    // Anthropic counts the input at the start, where the double always says 7.
    const inputTokens = protocol === 'openai' ? 60 : 21;
    expect(produced.usage).toEqual({ inputTokens, outputTokens: 12, source: 'reported' });
  });

  test('[TOOL-10] keeps what came when the provider fails in a later step', async () => {
    const refusal = { status: 400, body: { error: { message: 'no' } } };
    await using at = await scene(protocol, [['First. ', three], refusal]);
    const produced = await produce(at.handler, handlerRun('go'));
    expect(codeOf(produced.error)).toBe('MODEL_BAD_REQUEST');
    expect(partsOf(produced)).toMatchObject([{ text: 'First. ' }, { state: 'done', output: 3 }]);
    await using cut = await scene(protocol, [[three], ['half', { end: 'reset' }]]);
    const broken = await produce(cut.handler, handlerRun('go'));
    expect(codeOf(broken.error)).toBe('MODEL_BROKEN_STREAM');
    expect(partsOf(broken)).toMatchObject([{ state: 'done' }, { text: 'half' }]);
    expect(cut.provider.requests).toHaveLength(2);
  });

  test('[TOOL-11] never makes a call that was broken off', async () => {
    let made = 0;
    const tool = variant({ execute: () => (made += 1) });
    for (const end of ['reset', 'close'] as const) {
      await using cut = await scene(protocol, [[three, { end }]], { tools: [tool] });
      expect(codeOf((await produce(cut.handler, handlerRun('go'))).error)).toBe('MODEL_BROKEN_STREAM');
    }
    const length = protocol === 'openai' ? 'length' : 'max_tokens';
    await using short = await scene(protocol, [[three, { finish: length }]], { tools: [tool] });
    expect(codeOf((await produce(short.handler, handlerRun('go'))).error)).toBe('MODEL_BROKEN_STREAM');
    expect(made).toBe(0);
  });

  test('[TOOL-12] writes into the ledger before anything happens, and after', async () => {
    const ledger = memoryLedger();
    const tool = variant({
      execute: (_, { idempotencyKey }) => void ledger.written.push(`made ${idempotencyKey}`),
    });
    await using at = await scene(protocol, [[three], ['ok']], { tools: [tool] });
    const produced = await produce(at.handler, { ...handlerRun('go'), tools: ledger });
    const id = toolsOf(produced)[0]?.toolCallId;
    expect(ledger.written).toEqual(['intent add', `started ${id}`, `made ${id}`, `done ${id}`]);
  });

  test('[TOOL-12] notes arguments as they can be kept', async () => {
    const noted: unknown[] = [];
    const note = (calls: readonly { readonly input?: unknown }[]) => {
      noted.push(...calls.map(({ input }) => input));
      return Promise.resolve();
    };
    const tools = [variant({ schema: z.object({ text: z.string() }), execute: () => 1 })];
    await using at = await scene(protocol, [[{ call: 'add', args: { text: 'a\0b' } }], ['ok']], { tools });
    await produce(at.handler, { ...handlerRun('go'), tools: { intend: note, start: note, settle: note } });
    expect(noted).toEqual(Array.from({ length: 3 }, () => ({ text: 'a\uFFFDb' })));
  });

  test('[TOOL-12] makes no call of which nobody could take note', async () => {
    let made = 0;
    const tool = variant({ execute: () => (made += 1) });
    const refuse = () => Promise.reject(new Error('the run is elsewhere'));
    for (const name of ['intend', 'start'] as const) {
      await using at = await scene(protocol, [[three], ['ok']], { tools: [tool] });
      const { error } = await produce(at.handler, {
        ...handlerRun('go'),
        tools: { ...memoryLedger(), [name]: refuse },
      });
      expect(String(error)).toContain('elsewhere');
    }
    expect(made).toBe(0);
  });

  test('[TOOL-13] cuts what a tool gives back', async () => {
    const tool = variant({ execute: () => `${'x'.repeat(limits.toolOutput)}\0tail` });
    await using at = await scene(protocol, [[three], ['ok']], { tools: [tool] });
    const [call] = toolsOf(await produce(at.handler, handlerRun('go')));
    expect(call?.output).toBe(`${'x'.repeat(limits.toolOutput)} […]`);
  });

  test('[TOOL-14] asks a person before a call that needs it, after all others of its step', async () => {
    const ledger = memoryLedger();
    let sent = 0;
    const send = variant({ name: 'send', readOnly: false, execute: () => (sent += 1) });
    const calls = [{ ...three, call: 'send' }, three];
    await using at = await scene(protocol, [calls, ['ok']], { tools: [add, send], approval: ['send'] });
    const { handler } = at;
    const run = { ...handlerRun('go'), tools: ledger };
    const asked = await produce(handler, run);
    const [waiting, made] = toolsOf(asked);
    const question = questionOf(asked);
    expect(made).toMatchObject({ name: 'add', state: 'done' });
    expect(waiting).toMatchObject({ name: 'send', state: 'running', inputId: question.id });
    expect(question).toMatchObject({
      kind: 'approval',
      subject: { toolCallId: waiting?.toolCallId, name: 'send', input: { a: 1, b: 2 } },
      expiresAt: expect.any(String),
    });
    expect(ledger.written).not.toContain(`started ${waiting?.toolCallId}`);
    expect(sent).toBe(0);
    const answer = { question, value: { decision: 'approve' } };
    const after = await produce(handler, resumed(run, [asked], [answer]));
    expect(sent).toBe(1);
    expect(toolsOf({ events: [...asked.events, ...after.events] })).toMatchObject([
      { name: 'send', state: 'done', output: 1 },
      { name: 'add', state: 'done' },
    ]);
    expect(toolsOf(after)[0]).not.toHaveProperty('inputId');
    expect(after).toMatchObject({ text: 'ok', error: null });
    const told = JSON.stringify(at.provider.requests[1]?.body.messages);
    expect(told).toContain(waiting?.toolCallId);
    expect(told).toContain(made?.toolCallId);
  });

  test('[TOOL-15] calls with the arguments that a person gave instead', async () => {
    await using at = await scene(protocol, [[three], ['ok']], { approval: true });
    const run = handlerRun('go');
    const asked = await produce(at.handler, run);
    const value = { decision: 'approve', input: { a: 5, b: 6 } };
    const after = await produce(at.handler, resumed(run, [asked], [{ question: questionOf(asked), value }]));
    expect(toolsOf(after)).toMatchObject([{ state: 'done', input: { a: 5, b: 6 }, output: 11 }]);
    const bad = { decision: 'approve', input: { a: 'five' } };
    const wrong = await produce(at.handler, resumed(run, [asked], [{ question: questionOf(asked), value: bad }]));
    expect(toolsOf(wrong)).toMatchObject([{ state: 'failed', error: expect.stringContaining('not right') }]);
  });

  test('[TOOL-15] tells the model why a person denied a call, or that nobody answered', async () => {
    await using at = await scene(protocol, [[three], ['ok']], { approval: true });
    const run = handlerRun('go');
    const asked = await produce(at.handler, run);
    const question = questionOf(asked);
    const value = { decision: 'deny', reason: 'too dear' };
    const denied = await produce(at.handler, resumed(run, [asked], [{ question, value }]));
    expect(toolsOf(denied)).toMatchObject([{ state: 'denied', error: 'too dear' }]);
    expect(JSON.stringify(at.provider.requests.at(-1)?.body.messages)).toContain('too dear');
    const late = await produce(at.handler, resumed(run, [asked], [{ question, value: null, expired: true }]));
    expect(toolsOf(late)).toMatchObject([{ state: 'denied', error: 'nobody answered in time' }]);
    const nonsense = await produce(at.handler, resumed(run, [asked], [{ question, value: 'yes' }]));
    expect(toolsOf(nonsense)).toMatchObject([{ state: 'denied' }]);
  });

  test('[STE-9] is told before its next step what the person has added', async () => {
    await using at = await scene(protocol, [[three], [three], ['ok']]);
    const added = [[], [{ messageId: newId<MessageId>(), text: 'in French, please' }]];
    const takeSteering = async () => added.pop() ?? [];
    await produce(at.handler, { ...handlerRun('go'), takeSteering });
    const [first, second, third] = at.provider.requests.map(({ body }) => JSON.stringify(body.messages));
    expect(first).not.toContain('in French');
    expect(second).toMatch(/in French, please[^[]*$/);
    expect(third).toContain('in French');
  });

  test('[TOOL-14] asks one after another', async () => {
    await using at = await scene(protocol, [[three, three], ['ok']], { approval: true });
    const run = handlerRun('go');
    const first = await produce(at.handler, run);
    const yes = { decision: 'approve' };
    const answers = [{ question: questionOf(first), value: yes }];
    const second = await produce(at.handler, resumed(run, [first], answers));
    expect(toolsOf(second)).toMatchObject([{ state: 'done' }]);
    expect(questionOf(second).id).not.toBe(questionOf(first).id);
    answers.push({ question: questionOf(second), value: yes });
    const last = await produce(at.handler, resumed(run, [first, second], answers));
    expect(last).toMatchObject({ text: 'ok', error: null });
    expect(at.provider.requests).toHaveLength(2);
  });
});

describe('a run that goes on after its process died during calls', () => {
  const part = (toolCallId: string, fields: Partial<ToolPart> = {}): ToolPart => ({
    type: 'tool',
    toolCallId,
    name: 'send',
    input: { a: 1, b: 2 },
    step: 1,
    state: 'uncertain',
    error: 'nobody knows',
    inputId: newId(),
    ...fields,
  });

  /** What was made, and what the model was told, when a person has said this of the first uncertain call. */
  async function goOn(parts: readonly ToolPart[], value: unknown, { expired = false, approval = [] as string[] } = {}) {
    const made: unknown[] = [];
    const send = variant({ name: 'send', readOnly: false, execute: (input) => made.push(input) });
    const ledger = memoryLedger();
    await using at = await scene('openai', [['ok']], { tools: [add, send], approval });
    const asked = parts.find(({ state }) => state === 'uncertain');
    const answer = {
      inputId: asked!.inputId!,
      kind: 'choice',
      subject: null,
      value,
      answeredBy: 'me',
      expired,
    } as const;
    const run = { ...handlerRun('go'), tools: ledger, resumed: { parts, answers: [answer] } };
    const produced = await produce(at.handler, run);
    return { made, ledger: ledger.written, produced, told: JSON.stringify(at.provider.requests[0]?.body.messages) };
  }

  test('[TOOL-18] takes a call that worked for done, and tells the model that its result is lost', async () => {
    const { made, ledger, produced, told } = await goOn([part('a')], 'it worked');
    expect(made).toEqual([]);
    expect(ledger).toEqual(['done a']);
    expect(toolsOf(produced)).toEqual([
      {
        ...part('a'),
        state: 'done',
        output: expect.stringContaining('took effect'),
        error: undefined,
        inputId: undefined,
      },
    ]);
    expect(produced).toMatchObject({ text: 'ok', error: null });
    expect(told).toContain('A person says that this call took effect. What it gave back is lost.');
  });

  test('[TOOL-18] makes a call again when a person says so, with its own arguments and id', async () => {
    const { made, ledger, produced, told } = await goOn([part('a')], 'run it again', { approval: ['send'] });
    expect(made).toEqual([{ a: 1, b: 2 }]);
    expect(ledger).toEqual(['started a', 'done a']);
    expect(statesOf(produced.events, 'a')).toEqual(['running', 'done']);
    expect(toolsOf(produced)[0]).not.toHaveProperty('inputId');
    expect(toolsOf(produced)[0]).not.toHaveProperty('error');
    expect(told).not.toContain('not known whether');
  });

  test.each([
    ['a person says so', 'go on without it', false],
    ['nobody says anything', null, true],
    ['what is said cannot be read', 'yes', false],
  ])('[TOOL-18] leaves a call out when %s, and tells the model that nobody knows', async (_, value, expired) => {
    const { made, ledger, produced, told } = await goOn([part('a')], value, { expired });
    expect(made).toEqual([]);
    expect(ledger).toEqual(['uncertain a']);
    expect(toolsOf(produced)).toMatchObject([{ state: 'uncertain', error: expect.stringContaining('without it') }]);
    expect(toolsOf(produced)[0]).not.toHaveProperty('inputId');
    expect(told).toContain('not known whether this call took effect');
  });

  test('[TOOL-18] makes what is read-only or had not begun, and asks about the next uncertain one', async () => {
    const second = part('b');
    const rest = { state: 'running', error: undefined, inputId: undefined } as unknown as Partial<ToolPart>;
    const parts = [part('a'), part('read', { ...rest, name: 'add' }), second, part('next', rest)];
    const { made, produced } = await goOn(parts, 'it worked');
    expect(made).toHaveLength(1);
    expect(toolsOf(produced)).toMatchObject([
      { toolCallId: 'a', state: 'done' },
      { toolCallId: 'read', state: 'done', output: 3 },
      { toolCallId: 'next', state: 'done' },
    ]);
    expect(questionOf(produced)).toMatchObject({
      id: second.inputId,
      kind: 'choice',
      prompt: expect.stringContaining('send was being called with {"a":1,"b":2}'),
    });
  });

  test('[TOOL-18] asks for leave of what had not begun where it is needed', async () => {
    const rest = { state: 'running', error: undefined, inputId: undefined } as unknown as Partial<ToolPart>;
    const { made, produced } = await goOn([part('a'), part('next', rest)], 'it worked', { approval: ['send'] });
    expect(made).toEqual([]);
    const question = questionOf(produced);
    expect(question).toMatchObject({ kind: 'approval', subject: { toolCallId: 'next' } });
    expect(toolsOf(produced)[0]).toMatchObject({ toolCallId: 'next', state: 'running', inputId: question.id });
  });
});

describe('a model', () => {
  test('[TOOL-16] that cannot call tools says so', async () => {
    const handler = createAssistantHandler({
      models: createModels({}),
      assistant: async () => sampleAssistant({ tools: [{ name: 'add' }] }),
      toolset: async () => new Toolset([{ tool: add, approval: false }]),
    });
    const { error } = await produce(handler, handlerRun('go'));
    expect(codeOf(error)).toBe('MODEL_BAD_REQUEST');
    expect(String(error)).toContain('cannot call tools');
  });
});
