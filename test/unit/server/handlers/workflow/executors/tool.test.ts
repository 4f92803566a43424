import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { InputAnswer } from '../../../../../../db/store.ts';
import { createTools } from '../../../../../../server/handlers/tools/tool-registry.ts';
import { defineTool } from '../../../../../../server/handlers/tools/tool.ts';
import type { Tool, ToolContext } from '../../../../../../server/handlers/tools/tool.ts';
import { createTool } from '../../../../../../server/handlers/workflow/executors/tool.ts';
import type { Part, ToolPart } from '../../../../../../shared/message.ts';
import type { Question } from '../../../../../../shared/run.ts';
import type { WorkflowNodeOf } from '../../../../../../shared/workflow-node.ts';
import { memoryLedger } from '../../../../../helpers/memory-ledger.ts';
import { codeOf } from '../../handler-run.ts';
import { questionIn, worked } from '../node-context.ts';
import type { NodeSurroundings } from '../node-context.ts';

const called: { input: unknown; context: ToolContext }[] = [];

const order = (changed: Partial<Tool> = {}): Tool => ({
  ...defineTool({
    name: 'order',
    description: 'Orders things.',
    schema: z.object({ what: z.string(), pieces: z.number() }),
    readOnly: false,
    execute: (input, context) => {
      called.push({ input, context });
      return { ordered: input };
    },
  }),
  ...changed,
});

const node: WorkflowNodeOf<'tool'> = {
  id: 'buy',
  title: 'Buy',
  type: 'tool',
  tool: 'order',
  input: { what: 'fine {{form.what}}', pieces: '{{form.pieces}}' },
};
const outputs = { form: { what: 'tea', pieces: 2 } };

function work(tool: Tool, around: NodeSurroundings = {}, changed: Partial<typeof node> = {}) {
  const executor = createTool(createTools({ own: [tool] }), { aliveMs: 60_000, approvalMs: 60_000 });
  return worked(executor, { ...node, ...changed }, { outputs, ...around });
}

async function failure(...asked: Parameters<typeof work>): Promise<[code: string, message: string]> {
  return work(...asked).then(
    ({ result }) => expect.fail(`it made ${JSON.stringify(result)}`),
    (error: Error) => [codeOf(error), error.message],
  );
}

describe('a tool node', () => {
  test('[NODE-6] calls its tool with what is filled in, shows the call and keeps the ledger', async () => {
    called.length = 0;
    const tools = memoryLedger();
    const { events, result } = await work(order(), { tools, idempotencyKey: 'run:buy#1' });
    expect(result).toEqual({ outputs: { output: { ordered: { what: 'fine tea', pieces: 2 } } } });
    expect(called.map(({ input, context }) => [input, context.idempotencyKey])).toEqual([
      [{ what: 'fine tea', pieces: 2 }, 'run:buy#1'],
    ]);
    const parts = events.flatMap((event) => (event.type === 'part' ? (event.value as ToolPart) : []));
    expect(parts.map(({ name, state }) => [name, state])).toEqual([
      ['order', 'running'],
      ['order', 'done'],
    ]);
    const id = parts[0]?.toolCallId;
    expect(tools.written).toEqual(['intent order', `started ${id}`, `done ${id}`]);
  });

  test('[NODE-6] names what is wrong with its tool or arguments', async () => {
    expect(await failure(order(), { outputs: { form: { what: 'tea', pieces: 'two' } } })).toEqual([
      'WORKFLOW_INVALID',
      expect.stringMatching(/^node buy, field input: the arguments are not right: pieces: /),
    ]);
    expect(await failure(order(), {}, { tool: 'missing' })).toEqual([
      'TOOL_FAILED',
      expect.stringMatching(/^node buy, field tool: there is no tool missing here; take it away, or /),
    ]);
  });

  test('[NODE-6] fails with its tool', async () => {
    const broken = order({
      execute: () => {
        throw new Error('sold out');
      },
    });
    expect(await failure(broken)).toEqual(['TOOL_FAILED', 'node buy: order failed: sold out']);
    const slow = order({ timeoutMs: 20, execute: () => new Promise(() => {}) });
    expect(await failure(slow)).toEqual([
      'TOOL_FAILED',
      expect.stringMatching(/may have taken effect: it took longer than 20 ms/),
    ]);
  });

  /** What the node has shown and asked, and the surroundings in which it goes on. */
  async function asked(tool: Tool) {
    called.length = 0;
    const { events } = await work(tool);
    const question = questionIn(events);
    const parts = events.flatMap((event): Part[] => (event.type === 'part' ? [event.value] : []));
    const answered = (value: unknown, expired = false): NodeSurroundings => ({
      idempotencyKey: 'run:buy#1',
      resumed: { parts, answers: [answerTo(question, value, expired)] },
    });
    return { question, answered };
  }

  function answerTo(question: Question, value: unknown, expired: boolean): InputAnswer {
    return { inputId: question.id, value, expired, answeredBy: 'local', subject: question.subject } as InputAnswer;
  }

  test('[NODE-7] asks a person where the tool is marked so, and calls it once it is allowed', async () => {
    const tool = order({ approval: true });
    const { question, answered } = await asked(tool);
    expect(called).toEqual([]);
    expect(question).toMatchObject({
      kind: 'approval',
      subject: { name: 'order', input: { what: 'fine tea', pieces: 2 } },
    });
    const { result } = await work(tool, answered({ decision: 'approve', input: { what: 'mugs', pieces: 1 } }));
    expect(result.outputs).toEqual({ output: { ordered: { what: 'mugs', pieces: 1 } } });
    expect(called.map(({ context }) => context.idempotencyKey)).toEqual(['run:buy#1']);
  });

  test('[NODE-7] fails when a person denies it, or nobody answers', async () => {
    const tool = order({ approval: true });
    const { answered } = await asked(tool);
    expect(await failure(tool, answered({ decision: 'deny', reason: 'too dear' }))).toEqual([
      'TOOL_FAILED',
      'node buy: order was not allowed by a person: too dear',
    ]);
    expect(await failure(tool, answered(null, true))).toEqual([
      'TOOL_FAILED',
      expect.stringMatching(/nobody answered in time/),
    ]);
    expect(called).toEqual([]);
  });
});
