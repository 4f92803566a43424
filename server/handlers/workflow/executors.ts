import { HumanMessage, SystemMessage } from '@langchain/core/messages';
import { SwitchboardError } from '../../../shared/errors.ts';
import { limits } from '../../../shared/limits.ts';
import type { WorkflowNodeOf } from '../../../shared/workflow-node.ts';
import type { HandlerEvent } from '../handler.ts';
import type { ModelCalls } from '../model-calls.ts';
import { providerDefaults } from '../model-parameters.ts';
import type { Models } from '../models.ts';
import { streamAnswer } from '../stream-answer.ts';
import type { LineNode } from './check-workflow.ts';
import { fillTemplate } from './template.ts';

/** One run of a workflow, as its nodes see it. */
export interface Execution {
  readonly models: Pick<Models, 'resolve'>;
  readonly signal: AbortSignal;
  readonly calls: ModelCalls;
  /** What the person wrote. */
  readonly message: string;
  /** What the nodes so far have produced, by `node.key`. Each executor adds its own. */
  readonly values: Map<string, string>;
}

type Executors = {
  readonly [Type in LineNode['type']]: (
    node: WorkflowNodeOf<Type>,
    execution: Execution,
  ) => AsyncGenerator<HandlerEvent>;
};

/** How each type of node does its work. */
export const executors: Executors = { start, llm, output, end: nothing };

async function* start(node: WorkflowNodeOf<'start'>, execution: Execution): AsyncGenerator<HandlerEvent> {
  execution.values.set(`${node.id}.message`, execution.message);
  yield* nothing();
}

async function* llm(node: WorkflowNodeOf<'llm'>, execution: Execution): AsyncGenerator<HandlerEvent> {
  const { calls, models, values, signal } = execution;
  const resolved = await models.resolve(node.model, providerDefaults);
  yield { type: 'model', model: resolved.id };
  const system = fillTemplate(node.system, values);
  const messages = [
    ...(system.trim() === '' ? [] : [new SystemMessage(system)]),
    new HumanMessage(fillTemplate(node.prompt, values)),
  ];
  let answer = '';
  for await (const event of streamAnswer(resolved, messages, signal, { calls })) {
    if (event.type === 'text') answer += event.text;
    if (answer.length > limits.answerText) throw tooLong(node.id);
    const isContent = event.type === 'text' || event.type === 'reasoning';
    // What is not shown still tells that the model is at work.
    yield isContent && !node.stream ? { type: 'alive' } : event;
  }
  values.set(`${node.id}.output`, answer);
}

/** What is shown is limited by the run. */
function tooLong(nodeId: string): SwitchboardError {
  const message = `what the model wrote for node ${nodeId} is longer than ${limits.answerText} characters`;
  return new SwitchboardError('ANSWER_TOO_LARGE', `${message}; ask it for less in the prompt of the node`);
}

async function* output(node: WorkflowNodeOf<'output'>, { values }: Execution): AsyncGenerator<HandlerEvent> {
  const text = fillTemplate(node.text, values);
  if (text !== '') yield { type: 'text', text };
}

async function* nothing(): AsyncGenerator<HandlerEvent> {}
