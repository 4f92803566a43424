import { SwitchboardError } from '../shared/errors.ts';
import type { AppId, UserId } from '../shared/ids.ts';
import type { ModelParameters } from '../shared/assistant.ts';
import type { Workflow, WorkflowProblem } from '../shared/workflow.ts';
import { WorkflowNode } from '../shared/workflow-node.ts';
import type { WorkflowNodeOf } from '../shared/workflow-node.ts';

export interface WorkflowReferencesOptions {
  /** Rejects with `INVALID_INPUT` for a model that cannot be, and parameters that it does not take. */
  readonly models: { check(model: string | null, parameters: ModelParameters): Promise<void> };
  readonly knowsTool: (name: string) => boolean;
  /** Rejects with `NOT_FOUND` for one that the user may not use. */
  readonly assistant: (userId: UserId, id: AppId) => Promise<unknown>;
  readonly workflow: (userId: UserId, id: AppId) => Promise<unknown>;
  /** The newest version of a workflow, whoever may use it; null when there is none. */
  readonly stored: (id: AppId) => Promise<Workflow | null>;
}

/** Workflows that are read to find out whether one runs itself. */
const mostInner = 100;

/** Whether what a workflow names is there for its owner: models, tools, assistants and other workflows. */
export class WorkflowReferences {
  readonly #options: WorkflowReferencesOptions;

  constructor(options: WorkflowReferencesOptions) {
    this.#options = options;
  }

  /** @param id of the workflow itself; null when it is not stored */
  async problems(userId: UserId, id: AppId | null, definition: unknown): Promise<WorkflowProblem[]> {
    const nodes = nodesOf(definition);
    const found = await Promise.all(nodes.map((node) => this.#problemOf(userId, id, node)));
    return found.flatMap((problem) => problem ?? []);
  }

  async #problemOf(userId: UserId, id: AppId | null, node: WorkflowNode): Promise<WorkflowProblem | undefined> {
    const { assistant, knowsTool, models } = this.#options;
    const at = (field: string, message: string): WorkflowProblem => ({ nodeId: node.id, field, message });
    const refusal = async (field: string, check: Promise<unknown>) => {
      const message = await messageOf(check);
      return message === undefined ? undefined : at(field, message);
    };
    switch (node.type) {
      case 'llm': {
        const parameters = { temperature: node.temperature ?? null, topP: null, maxOutputTokens: null };
        return refusal('model', models.check(node.model, parameters));
      }
      case 'tool':
        return knowsTool(node.tool)
          ? undefined
          : at('tool', `expected the name of a tool that this server has, got ${node.tool}; tool.list has them`);
      case 'assistant':
        return refusal('assistantId', assistant(userId, node.assistantId));
      case 'subworkflow':
        return this.#innerProblem(userId, id, node, at);
      default:
        return undefined;
    }
  }

  async #innerProblem(
    userId: UserId,
    id: AppId | null,
    { workflowId, input }: WorkflowNodeOf<'subworkflow'>,
    at: (field: string, message: string) => WorkflowProblem,
  ): Promise<WorkflowProblem | undefined> {
    const message = await messageOf(this.#options.workflow(userId, workflowId));
    if (message !== undefined) return at('workflowId', message);
    if (await this.#runs(workflowId, id))
      return at('workflowId', `workflow ${workflowId} runs this one, or itself, again; name one that does not`);
    const inner = await this.#options.stored(workflowId);
    const start = nodesOf(inner?.definition).find((node) => node.type === 'start');
    const keys = ['message', ...(start?.variables ?? []).map(({ key }) => key)];
    const unknown = Object.keys(input).find((key) => !keys.includes(key));
    if (unknown === undefined) return undefined;
    return at(`input.${unknown}`, `workflow “${inner?.name}” takes ${keys.join(', ')}, and no ${unknown}; remove it`);
  }

  /** Whether a workflow runs the wanted one, or one that runs itself, through any number of others. */
  async #runs(workflowId: AppId, wanted: AppId | null): Promise<boolean> {
    const open = new Set<AppId>();
    const done = new Set<AppId>();
    const visit = async (id: AppId): Promise<boolean> => {
      if (id === wanted || open.has(id)) return true;
      if (done.has(id) || open.size + done.size >= mostInner) return false;
      open.add(id);
      const inner = nodesOf((await this.#options.stored(id))?.definition);
      for (const node of inner) if (node.type === 'subworkflow' && (await visit(node.workflowId))) return true;
      open.delete(id);
      done.add(id);
      return false;
    };
    return visit(workflowId);
  }
}

/** Those that can be read: what is wrong with the others is told elsewhere. */
function nodesOf(definition: unknown): WorkflowNode[] {
  const nodes = (definition as { nodes?: unknown } | null | undefined)?.nodes;
  return Array.isArray(nodes) ? nodes.flatMap((node) => WorkflowNode.safeParse(node).data ?? []) : [];
}

async function messageOf(check: Promise<unknown>): Promise<string | undefined> {
  try {
    await check;
    return undefined;
  } catch (error) {
    if (error instanceof SwitchboardError && ['INVALID_INPUT', 'NOT_FOUND'].includes(error.code)) return error.message;
    throw error;
  }
}
