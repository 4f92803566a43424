import type { Store } from '../db/store.ts';
import type { WorkflowStore } from '../db/workflow-store.ts';
import { SwitchboardError } from '../shared/errors.ts';
import type { AppId, ChatId, UserId } from '../shared/ids.ts';
import type { SendMessage, TestNode } from '../shared/inputs.ts';
import { newId } from '../shared/new-id.ts';
import { nodesOf } from '../shared/readable-nodes.ts';
import { makes, makesInside } from '../shared/workflow-makes.ts';
import type { KnownType } from '../shared/workflow-makes.ts';
import { WorkflowNode } from '../shared/workflow-node.ts';
import { parseVariable } from '../shared/workflow-template.ts';
import type { RunInstructions, RunParameters } from '../shared/workflow-trial.ts';
import { variablesOf } from '../shared/workflow-uses.ts';
import { presetVariables } from '../shared/workflow-values.ts';
import type { ChatManager, SendReply } from './chat-manager.ts';
import type { User } from './connection.ts';
import { checkWorkflow } from './handlers/workflow/check-workflow.ts';
import { isOfType } from './handlers/workflow/value-type.ts';

export interface WorkflowTrialsOptions {
  readonly store: Pick<Store, 'chat'>;
  readonly workflows: Pick<WorkflowStore, 'ownWorkflow'>;
  readonly chatManager: Pick<ChatManager, 'send' | 'changes'>;
}

/** How whoever works on a workflow tries it out: with parameters of its start, or a node alone. */
export class WorkflowTrials {
  readonly #options: WorkflowTrialsOptions;

  constructor(options: WorkflowTrialsOptions) {
    this.#options = options;
  }

  /** As `chat.send`. Errors: `NOT_FOUND` and `INVALID_INPUT` for parameters of what is not one's own, or takes others. */
  async send(user: User, { parameters, ...message }: SendMessage): Promise<SendReply> {
    const { chatManager, store } = this.#options;
    if (parameters === undefined) return chatManager.send(user, message);
    const { chat } = await store.chat(user.id, message.chatId);
    if (chat.app.kind !== 'workflow')
      throw invalid('parameters: expected none in the chat of an assistant; leave them out');
    await this.#expectParameters(user.id, chat.app.id, parameters);
    return chatManager.send(user, message, { parameters });
  }

  /** Sends the message that a node is tested with, in a debug chat of its own. */
  async testNode(user: User, { workflowId, nodeId, values }: TestNode): Promise<SendReply & { chatId: ChatId }> {
    const { chatManager, workflows } = this.#options;
    const { definition } = await workflows.ownWorkflow(user.id, workflowId);
    expectValues(nodeOf(definition, nodeId), values, nodesOf(definition));
    const app = { kind: 'workflow', id: workflowId } as const;
    const { id: chatId } = await chatManager.changes.create(user, { chatId: newId(), app, debug: true });
    const text = typeof values['start.message'] === 'string' ? values['start.message'] : '';
    const message = { chatId, text: text.trim() === '' ? `Test of ${nodeId}` : text, onBusy: 'queue' as const };
    return {
      chatId,
      ...(await chatManager.send(user, message, { test: { nodeId, values } } satisfies RunInstructions)),
    };
  }

  async #expectParameters(userId: UserId, id: AppId, parameters: RunParameters): Promise<void> {
    const { definition, name } = await this.#options.workflows.ownWorkflow(userId, id);
    const start = checkWorkflow(name, definition).nodes.find((node) => node.type === 'start');
    const variables = start?.variables ?? [];
    for (const [key, value] of Object.entries(parameters)) {
      const variable = variables.find((one) => one.key === key);
      const known = variables.map((one) => one.key).join(', ') || 'none';
      if (!variable) throw invalid(`parameters.${key}: the start has no variable of this name; it has: ${known}`);
      if (!isOfType(value, variable.type))
        throw invalid(
          `parameters.${key}: expected a value of type ${variable.type}, got ${JSON.stringify(value).slice(0, 60)}`,
        );
    }
  }
}

function nodeOf(definition: unknown, nodeId: string): WorkflowNode {
  const { nodes } = definition as { nodes?: unknown };
  const raw = (Array.isArray(nodes) ? nodes : []).find(
    (node: unknown) => (node as { id?: unknown } | null)?.id === nodeId,
  );
  if (raw === undefined) throw new SwitchboardError('NOT_FOUND', `the workflow has no node ${nodeId}`);
  const parsed = WorkflowNode.safeParse(raw);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new SwitchboardError('WORKFLOW_INVALID', `node ${nodeId}, field ${issue?.path.join('.')}: ${issue?.message}`);
}

/** A value for each variable, of the type that its node makes; what the node makes itself, in its rounds, may be missing. */
function expectValues(
  node: WorkflowNode,
  values: Readonly<Record<string, unknown>>,
  nodes: readonly WorkflowNode[],
): void {
  const presets = new Set<string>(presetVariables);
  for (const text of variablesOf(node)) {
    const name = parseVariable(text);
    const variable = name ? `${name.node}.${name.key}` : text;
    if (Object.hasOwn(values, variable)) {
      const maker = nodes.find(({ id }) => id === name?.node);
      expectType(variable, values[variable], maker && typeMade(maker, name?.key ?? ''));
    } else if (!presets.has(variable) && name?.node !== node.id)
      throw invalid(`values: expected one for ${variable}, which node ${node.id} asks for; add "${variable}"`);
  }
}

function typeMade(maker: WorkflowNode, key: string): KnownType | undefined {
  return makesInside(maker).get(key) ?? makes(maker).get(key);
}

/** Nothing is what a field that may be left empty makes, of whatever type. */
function expectType(variable: string, value: unknown, type: KnownType = 'any'): void {
  if (type === 'any' || value === null || isOfType(value, type)) return;
  const came = JSON.stringify(value).slice(0, 60);
  throw invalid(`values: expected ${variable} to be of type ${type}, got ${came}; give it a value that is`);
}

function invalid(message: string): SwitchboardError {
  return new SwitchboardError('INVALID_INPUT', message);
}
