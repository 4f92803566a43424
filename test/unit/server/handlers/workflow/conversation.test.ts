import { describe, expect, test } from 'vitest';
import type { InputAnswer } from '../../../../../db/store.ts';
import type { HandlerRun } from '../../../../../server/handlers/handler.ts';
import { createWorkflowHandler } from '../../../../../server/handlers/workflow/workflow-handler.ts';
import type { AppId } from '../../../../../shared/ids.ts';
import type { Part } from '../../../../../shared/message.ts';
import { newId } from '../../../../../shared/new-id.ts';
import type { Question } from '../../../../../shared/run.ts';
import { EchoModel } from '../../../../helpers/echo-model.ts';
import { memoryCheckpoints } from '../../../../helpers/memory-checkpoints.ts';
import { definitionOf, llmNode } from '../../../../helpers/own-workflow.ts';
import { checkDefinition, workflowExecutors } from '../../../../helpers/workflows.ts';
import { codeOf, handlerRun, produce, type Produced } from '../handler-run.ts';

const start = { id: 'start', type: 'start' };
const end = { id: 'end', type: 'end' };

/** Workflows by their ids, each as a list of its versions. */
type Stored = Readonly<Record<string, readonly object[]>>;

/** A run of the workflow `main`, stretch after stretch. */
function begin(stored: Stored, more: Partial<HandlerRun> = {}) {
  const model = new EchoModel();
  const loaded: string[] = [];
  const handler = createWorkflowHandler({
    async load(id, version) {
      const versions = stored[id] ?? [];
      const number = version ?? versions.length;
      loaded.push(`${id}@${number}`);
      const definition = checkDefinition('', versions[number - 1]);
      return { id, version: number, definition, ownerId: null, status: 'published' };
    },
    executors: workflowExecutors(
      { resolve: async () => ({ id: 'own:echo', model, inputTokens: 16_000 }) },
      async () => ({
        list: ['x', 'y'],
      }),
    ),
    checkpoints: memoryCheckpoints(),
    inspects: async () => true,
  });
  const run = {
    ...handlerRun('hello', [], 'workflow'),
    app: { kind: 'workflow', id: 'main' as AppId } as const,
    ...more,
  };
  return { loaded, stretch: (resumed: HandlerRun['resumed']) => produce(handler, { ...run, resumed }) };
}

const questionOf = ({ events }: Produced): Question => {
  const last = events.at(-1);
  if (last?.type !== 'ask') throw new Error('expected a question');
  return last.input;
};

const partsOf = ({ events }: Produced): Part[] => events.flatMap((event) => (event.type === 'part' ? event.value : []));

const answered = ({ id, kind, subject }: Question, more: Partial<InputAnswer>): InputAnswer => ({
  inputId: id,
  kind,
  subject,
  value: null,
  answeredBy: 'ann',
  expired: false,
  ...more,
});

describe('a question of a workflow', () => {
  const asking = (edges: readonly string[]) =>
    definitionOf(
      [
        start,
        { id: 'ask', type: 'input', mode: 'dialog', prompt: '?', expiresAfterMinutes: 5 },
        { id: 'late', type: 'output', text: 'Too late.' },
        end,
      ],
      ['start > ask', 'ask > end', 'late > end', ...edges],
    );

  test('[WFQ-4] that nobody answers in time goes on by its way for that', async () => {
    const { stretch } = begin({ main: [asking(['ask > expired > late'])] });
    const first = await stretch(null);
    const question = questionOf(first);
    const inMs = Date.parse(question.expiresAt ?? '') - Date.now();
    expect(inMs).toBeGreaterThan(4 * 60_000);
    const answers = [answered(question, { expired: true, answeredBy: 'expiry' })];
    const { text, error } = await stretch({ parts: partsOf(first), answers });
    expect({ text, error }).toEqual({ text: 'Too late.', error: null });
  });

  test('[WFQ-4] and fails where it has none', async () => {
    const { stretch } = begin({ main: [asking([])] });
    const first = await stretch(null);
    const answers = [answered(questionOf(first), { expired: true, answeredBy: 'expiry' })];
    expect(codeOf((await stretch({ parts: partsOf(first), answers })).error)).toBe('INPUT_EXPIRED');
  });
});

describe('models, loops and subworkflows', () => {
  test('[WFX-1] a model is asked for each item of a list, and makes the list of its answers', async () => {
    const main = definitionOf(
      [
        start,
        { id: 'list', type: 'code', code: '', inputs: {}, outputs: [{ key: 'list', type: 'list' }] },
        llmNode('each', '{{each.index}}: {{each.item}}', { over: 'list.list', stream: false }),
        { id: 'say', type: 'output', text: '{{each.output}}' },
        end,
      ],
      ['start > list', 'list > each', 'each > say', 'say > end'],
    );
    const { text, error } = await begin({ main: [main] }).stretch(null);
    expect({ text, error }).toEqual({ text: '["«0: x»","«1: y»"]', error: null });
  });

  test('[WFX-2] what a model is told of the chat are its latest turns', async () => {
    const message = (role: 'user' | 'assistant', words: string) =>
      ({ id: newId(), role, status: 'completed', parts: [{ type: 'text', text: words }] }) as never;
    const asked: number[] = [];
    const history = async (limit: number) => {
      asked.push(limit);
      return [message('user', 'Hi'), message('assistant', 'Hello')];
    };
    const main = definitionOf(
      [
        start,
        llmNode('ask', 'x', { historyTurns: 3, stream: false }),
        { id: 'say', type: 'output', text: '{{chat.history}}' },
        end,
      ],
      ['start > ask', 'ask > say', 'say > end'],
    );
    const { text } = await begin({ main: [main] }, { history }).stretch(null);
    expect(text).toBe('Person: Hi\nAssistant: Hello');
    expect(asked[0]).toBe(6);
  });

  test('[WFX-3] a subworkflow is given its variables, gives what its end makes, and keeps its version while a run lives', async () => {
    const inner = (word: string) =>
      definitionOf(
        [
          { ...start, variables: [{ key: 'name', type: 'text', default: 'nobody' }] },
          { id: 'ask', type: 'input', mode: 'dialog', prompt: '?' },
          { ...end, output: { said: `${word} {{start.name}} {{start.message}} {{ask.text}}` } },
        ],
        ['start > ask', 'ask > end'],
      );
    const main = definitionOf(
      [
        start,
        {
          id: 'sub',
          type: 'subworkflow',
          workflowId: '0197a000-0000-7000-8000-00000000aaaa',
          input: { message: 'm', name: '{{start.message}}' },
        },
        { id: 'say', type: 'output', text: '{{sub.output.said}}' },
        end,
      ],
      ['start > sub', 'sub > say', 'say > end'],
    );
    const versions = [inner('old')];
    const { loaded, stretch } = begin({ main: [main], '0197a000-0000-7000-8000-00000000aaaa': versions });
    const first = await stretch(null);
    versions.push(inner('new'));
    const answers = [answered(questionOf(first), { value: 'yes' })];
    const { text, events } = await stretch({ parts: partsOf(first), answers });
    expect(text).toBe('old hello m yes');
    expect(loaded).toEqual([
      'main@1',
      '0197a000-0000-7000-8000-00000000aaaa@1',
      'main@1',
      '0197a000-0000-7000-8000-00000000aaaa@1',
    ]);
    const nodes = events.flatMap((event) => (event.type === 'node.finished' ? event.nodeId : []));
    expect(nodes).toEqual(['sub/ask', 'sub/end', 'sub', 'say', 'end']);
  });

  test('[WFX-3] a workflow that runs itself is not begun', async () => {
    const id = '0197a000-0000-7000-8000-00000000aaaa';
    const itself = definitionOf(
      [start, { id: 'sub', type: 'subworkflow', workflowId: id, input: {} }, end],
      ['start > sub', 'sub > end'],
    );
    const { events, error } = await begin({ main: [itself], [id]: [itself] }).stretch(null);
    expect({ events, code: codeOf(error) }).toEqual({ events: [], code: 'WORKFLOW_INVALID' });
  });
});
