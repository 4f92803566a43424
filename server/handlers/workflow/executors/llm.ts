import type { BaseMessage } from '@langchain/core/messages';
import { SwitchboardError } from '../../../../shared/errors.ts';
import { limits } from '../../../../shared/limits.ts';
import type { Message, Usage } from '../../../../shared/message.ts';
import type { WorkflowNodeOf } from '../../../../shared/workflow-node.ts';
import { promptMessages } from '../../assistant/prompt-messages.ts';
import type { HandlerEvent } from '../../handler.ts';
import { providerDefaults } from '../../model-parameters.ts';
import type { Models, ResolvedModel } from '../../models.ts';
import { streamAnswer } from '../../stream-answer.ts';
import type { NodeContext, NodeExecutor, NodeValues } from '../node-executor.ts';

/** Messages of one turn of a chat: what a person said, and the answer. */
const messagesOfTurn = 2;

/** Asks a model, once or once for each item of a list; items one after another, so that they are shown in their order. */
export function createLlm(models: Pick<Models, 'resolve'>): NodeExecutor<'llm'> {
  return async function* llm(node, context) {
    const temperature = node.temperature ?? null;
    const resolved = await models.resolve(node.model, { ...providerDefaults, temperature });
    yield { type: 'model', model: resolved.id };
    const history = await historyOf(node, context);
    const asked = new AskedModel(node, context, resolved, history);
    if (node.over === undefined) return { outputs: { output: yield* asked.ask(context.values) } };
    const output: string[] = [];
    for (const [index, item] of itemsOf(node, node.over, context).entries()) {
      output.push(yield* asked.ask(context.values.with({ [`${node.id}.item`]: item, [`${node.id}.index`]: index })));
    }
    return { outputs: { output } };
  };
}

async function historyOf({ historyTurns = 0 }: WorkflowNodeOf<'llm'>, { run }: NodeContext): Promise<Message[]> {
  return historyTurns === 0 ? [] : run.history(historyTurns * messagesOfTurn);
}

function itemsOf({ id }: WorkflowNodeOf<'llm'>, over: string, { values }: NodeContext): readonly unknown[] {
  const items = values.get(over);
  if (!Array.isArray(items)) {
    const message = `node ${id}, field over: expected {{${over}}} to be a list, got ${typeof items}`;
    throw new SwitchboardError('WORKFLOW_INVALID', `${message}; let it be made as a list`);
  }
  if (items.length <= limits.workflowIterations) return items;
  const message = `node ${id} is to ask for each of ${items.length} items, and may for ${limits.workflowIterations}`;
  throw new SwitchboardError('WORKFLOW_LIMIT', `${message}; give it a shorter list`);
}

/** One node's model, asked as often as it takes. */
class AskedModel {
  readonly #node: WorkflowNodeOf<'llm'>;
  readonly #context: NodeContext;
  readonly #resolved: ResolvedModel;
  readonly #history: readonly Message[];
  #usage: Usage | null = null;
  #units = 0;

  constructor(node: WorkflowNodeOf<'llm'>, context: NodeContext, resolved: ResolvedModel, history: readonly Message[]) {
    this.#node = node;
    this.#context = context;
    this.#resolved = resolved;
    this.#history = history;
  }

  /** Returns the answer. */
  async *ask(values: NodeValues): AsyncGenerator<HandlerEvent, string> {
    const { calls, signal } = this.#context;
    const said: string[] = [];
    const answer = streamAnswer(this.#resolved, this.#messages(values), signal, { calls, before: this.#usage });
    for await (const event of answer) {
      if (event.type === 'text') said.push(this.#counted(event.text));
      if (event.type === 'usage') this.#usage = event.usage;
      const isContent = event.type === 'text' || event.type === 'reasoning';
      // What is not shown still tells that the model is at work.
      yield isContent && !this.#node.stream ? { type: 'alive' } : event;
    }
    return said.join('');
  }

  #messages(values: NodeValues): BaseMessage[] {
    const { prompt, system } = this.#node;
    return promptMessages({
      prompt: values.text(system),
      history: this.#history,
      text: values.text(prompt),
      historyTokens: limits.historyTokens,
    });
  }

  /** What is shown is limited by the run. */
  #counted(text: string): string {
    this.#units += text.length;
    if (this.#units <= limits.answerText) return text;
    const message = `what the model wrote for node ${this.#node.id} is longer than ${limits.answerText} characters`;
    throw new SwitchboardError('ANSWER_TOO_LARGE', `${message}; ask it for less in the prompt of the node`);
  }
}
