import { FakeListChatModel } from '@langchain/core/utils/testing';
import { AIMessage, HumanMessage } from '@langchain/core/messages';
import { Annotation, END, interrupt, MessagesAnnotation, START, StateGraph } from '@langchain/langgraph';
import type { LangGraphRunnableConfig } from '@langchain/langgraph';
import { describe, expect, test } from 'vitest';
import type { InputAnswer } from '../../../../../../db/store.ts';
import type { HandlerRun } from '../../../../../../server/handlers/handler.ts';
import { registeredId } from '../../../../../../server/handlers/workflow/registered/registered-workflow.ts';
import type { RegisteredWorkflow } from '../../../../../../server/handlers/workflow/registered/registered-workflow.ts';
import { registeredWorkflows } from '../../../../../../server/handlers/workflow/registered/registered-workflows.ts';
import type { WorkflowQuestion } from '../../../../../../server/handlers/workflow/registered/workflow-question.ts';
import type { Part } from '../../../../../../shared/message.ts';
import { memoryCheckpoints } from '../../../../../helpers/memory-checkpoints.ts';
import { codeOf, handlerRun, produce } from '../../handler-run.ts';
import type { Produced } from '../../handler-run.ts';
import { questionIn } from '../node-context.ts';

const id = registeredId('flow');
const say = (text: string) => ({ messages: [new AIMessage(text)] });

/** A run of a registered graph, stretch after stretch. */
class Scene {
  readonly #handler;
  readonly #run: HandlerRun;
  readonly #parts: Part[] = [];
  readonly #answers: InputAnswer[] = [];
  #asked: { id: string; subject?: unknown } | undefined;

  constructor(workflow: Omit<RegisteredWorkflow, 'name'>, text = 'hello', aliveMs = 60_000) {
    this.#handler = registeredWorkflows({
      workflows: new Map([[id, { name: 'Flow', ...workflow }]]),
      checkpoints: memoryCheckpoints(),
      aliveMs,
    });
    this.#run = { ...handlerRun(text, [], 'workflow'), app: { kind: 'workflow', id } };
  }

  async stretch(signal?: AbortSignal): Promise<Produced> {
    const resumed = this.#answers.length > 0 ? { parts: this.#parts, answers: this.#answers } : null;
    const produced = await produce(this.#handler, { ...this.#run, resumed }, signal);
    if (produced.text !== '') this.#parts.push({ type: 'text', text: produced.text });
    for (const event of produced.events) if (event.type === 'part') this.#parts.push(event.value);
    const last = produced.events.at(-1);
    this.#asked = last?.type === 'ask' ? last.input : undefined;
    return produced;
  }

  answer(value: unknown, expired = false): Promise<Produced> {
    const { id: inputId, subject } = this.#asked ?? {};
    this.#answers.push({ inputId, subject, value, expired, answeredBy: 'local' } as InputAnswer);
    return this.stretch();
  }
}

function nodesOf({ events }: Produced): string[] {
  return events.flatMap((event) => ('nodeId' in event ? [`${event.type} ${event.nodeId}`] : []));
}

describe('a registered workflow', () => {
  test('[REG-1] says what its models stream, what its nodes add and write, and tells of its nodes', async () => {
    const model = new FakeListChatModel({ responses: ['Cats purr.'] });
    const graph = new StateGraph(MessagesAnnotation)
      .addNode('think', async ({ messages }) => ({ messages: [await model.invoke(messages)] }))
      .addNode('note', (_, config: LangGraphRunnableConfig) => {
        config.writer?.('One ');
        config.writer?.('moment.');
        return {};
      })
      .addNode('close', () => say('Bye.'))
      .addEdge(START, 'think')
      .addEdge('think', 'note')
      .addEdge('note', 'close')
      .addEdge('close', END);
    const produced = await new Scene({ graph }).stretch();
    expect([produced.error, produced.text]).toEqual([null, 'Cats purr.\n\nOne moment.\n\nBye.']);
    const opening = produced.events.flatMap((event) => (event.type === 'text' && event.opens ? [event.text] : []));
    expect(opening).toEqual(['\n\nOne ', '\n\nBye.']);
    expect(produced.events.filter(({ type }) => type === 'text').length).toBeGreaterThan(5);
    expect(nodesOf(produced)).toEqual(
      ['think', 'note', 'close'].flatMap((node) => [`node.started ${node}`, `node.finished ${node}`]),
    );
  });

  test('[REG-1] begins with what the person wrote, or with what it makes of that', async () => {
    const State = Annotation.Root({ text: Annotation<string>, said: Annotation<string> });
    const graph = new StateGraph(State)
      .addNode('shout', ({ text }, config: LangGraphRunnableConfig) => {
        config.writer?.(`${text}! (${config.configurable?.['user_id']})`);
        return {};
      })
      .addEdge(START, 'shout');
    const input: RegisteredWorkflow['input'] = ({ text }) => ({ text: text.toUpperCase() });
    expect((await new Scene({ graph, input }).stretch()).text).toBe('HELLO! (local)');
    const echo = new StateGraph(MessagesAnnotation)
      .addNode('echo', ({ messages }) => say(`${messages.at(-1)?.text}?`))
      .addEdge(START, 'echo');
    expect((await new Scene({ graph: echo }).stretch()).text).toBe('hello?');
  });

  test('[REG-1] says nothing of people or tools, and counts what models report', async () => {
    const graph = new StateGraph(MessagesAnnotation)
      .addNode('both', () => ({
        messages: [
          new HumanMessage('not mine'),
          Object.assign(new AIMessage('mine'), {
            usage_metadata: { input_tokens: 3, output_tokens: 2, total_tokens: 5 },
          }),
        ],
      }))
      .addEdge(START, 'both');
    const { text, usage } = await new Scene({ graph }).stretch();
    expect([text, usage]).toEqual(['mine', { inputTokens: 3, outputTokens: 2, source: 'reported' }]);
  });

  const asks = (question: string | WorkflowQuestion) =>
    new StateGraph(MessagesAnnotation)
      .addNode('before', () => say('Well.'))
      .addNode('ask', () => say(`You said ${JSON.stringify(interrupt(question))}.`))
      .addEdge(START, 'before')
      .addEdge('before', 'ask');

  test('[REG-2] its interrupts are questions, and it goes on where it asked', async () => {
    const scene = new Scene({ graph: asks({ prompt: 'Which?', options: ['a', { id: 'b', label: 'The other' }] }) });
    const first = await scene.stretch();
    expect(first.text).toBe('Well.');
    expect(first.events.at(-1)).toMatchObject({
      type: 'ask',
      input: {
        kind: 'choice',
        prompt: 'Which?',
        schema: {
          oneOf: [
            { const: 'a', title: 'a' },
            { const: 'b', title: 'The other' },
          ],
        },
      },
    });
    expect(nodesOf(first)).toEqual(['node.started before', 'node.finished before', 'node.started ask']);
    const second = await scene.answer('b');
    expect([second.error, second.text]).toEqual([null, '\n\nYou said "b".']);
    expect(second.events[0]).toMatchObject({ type: 'part', value: { type: 'input', prompt: 'Which?', answer: 'b' } });
  });

  test('[REG-2] asks for a text, or for what a schema says', async () => {
    const text = await new Scene({ graph: asks('How are you?') }).stretch();
    expect(text.events.at(-1)).toMatchObject({ input: { kind: 'text', prompt: 'How are you?' } });
    const schema = { type: 'object', properties: { age: { type: 'number' } } };
    const form = await new Scene({ graph: asks({ prompt: 'Who?', schema }) }).stretch();
    expect(form.events.at(-1)).toMatchObject({ input: { kind: 'form', schema } });
  });

  test('[REG-2] questions of nodes that work at once are asked one after another', async () => {
    const graph = new StateGraph(MessagesAnnotation)
      .addNode('one', () => say(`one ${interrupt('First?')}.`))
      .addNode('two', () => say(`two ${interrupt('Second?')}.`))
      .addEdge(START, 'one')
      .addEdge(START, 'two');
    const scene = new Scene({ graph });
    const prompts: unknown[] = [];
    let said = '';
    for (let produced = await scene.stretch(); ; produced = await scene.answer(prompts.length)) {
      expect(produced.error).toBeNull();
      said += produced.text;
      const last = produced.events.at(-1);
      if (last?.type !== 'ask') break;
      prompts.push(last.input.prompt);
    }
    expect(prompts).toEqual(['First?', 'Second?']);
    expect(said).toBe('one 1.\n\ntwo 2.');
  });

  test('[REG-3] goes on with what counts when nobody answers, and fails where nothing does', async () => {
    const minutes = { prompt: 'Still there?', expiresAfterMinutes: 5 };
    const scene = new Scene({ graph: asks({ ...minutes, otherwise: 'gone' }) });
    const { events } = await scene.stretch();
    expect(Date.parse(questionIn(events).expiresAt ?? '') - Date.now()).toBeGreaterThan(4 * 60_000);
    expect((await scene.answer(null, true)).text).toBe('\n\nYou said "gone".');
    const other = new Scene({ graph: asks(minutes) });
    await other.stretch();
    expect(codeOf((await other.answer(null, true)).error)).toBe('INPUT_EXPIRED');
  });

  test('[REG-3] what nobody can answer, and a graph that does not end, are told', async () => {
    const wrong = await new Scene({ graph: asks({ question: 'Hm?' } as never) }).stretch();
    expect([codeOf(wrong.error), (wrong.error as Error).message]).toEqual([
      'WORKFLOW_INVALID',
      expect.stringMatching(/interrupt\(\) what nobody can answer: prompt/),
    ]);
    const round = new StateGraph(MessagesAnnotation).addNode('a', () => ({})).addNode('b', () => ({}));
    const graph = round.addEdge(START, 'a').addEdge('a', 'b').addEdge('b', 'a');
    const endless = { compile: (options: object) => bounded(graph.compile(options)) };
    expect(codeOf((await new Scene({ graph: endless }).stretch()).error)).toBe('WORKFLOW_LIMIT');
  });

  /** Ten thousand steps take their time. */
  function bounded(compiled: { stream: (input: never, config: never) => Promise<AsyncIterable<unknown>> }) {
    return {
      stream: (input: unknown, config: object) =>
        compiled.stream(input as never, { ...config, recursionLimit: 10 } as never),
    };
  }

  test('[REG-3] is left when its run is, and tells meanwhile that it lives', async () => {
    const graph = new StateGraph(MessagesAnnotation).addNode('wait', () => new Promise<never>(() => {}));
    const stop = new AbortController();
    const scene = new Scene({ graph: graph.addEdge(START, 'wait') }, 'hello', 20);
    setTimeout(() => stop.abort(new Error('stopped')), 100);
    const { error, events } = await scene.stretch(stop.signal);
    expect(error).toMatchObject({ message: 'stopped' });
    expect(events.at(-1)).toEqual({ type: 'alive' });
  });

  test('[REG-4] a name is the same workflow at every start, and is a name', () => {
    expect(registeredId('flow')).toBe(id);
    expect(registeredId('flow2')).not.toBe(id);
    expect(() => registeredId('two words')).toThrow(/got "two words"/);
  });
});
