import { SwitchboardError } from '../shared/errors.ts';
import type { AppId, UserId } from '../shared/ids.ts';
import type { ModelParameters } from '../shared/assistant.ts';
import type { Workflow, WorkflowProblem } from '../shared/workflow.ts';
import type { WorkflowNode, WorkflowNodeOf } from '../shared/workflow-node.ts';
import { InnerWorkflows, nodesOf } from './inner-workflows.ts';

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

/** Whether what a workflow names is there for its owner: models, tools, assistants and other workflows. */
export class WorkflowReferences {
  readonly #options: WorkflowReferencesOptions;

  constructor(options: WorkflowReferencesOptions) {
    this.#options = options;
  }

  /** @param id of the workflow itself; null when it is not stored */
  async problems(userId: UserId, id: AppId | null, definition: unknown): Promise<WorkflowProblem[]> {
    const { stored, workflow } = this.#options;
    const inner = new InnerWorkflows({ stored, refusal: (workflowId) => messageOf(workflow(userId, workflowId)) });
    const nodes = nodesOf(definition);
    const found = await Promise.all(nodes.map((node) => this.#problemOf(userId, id, node, inner)));
    return found.flatMap((problem) => problem ?? []);
  }

  async #problemOf(
    userId: UserId,
    id: AppId | null,
    node: WorkflowNode,
    inner: InnerWorkflows,
  ): Promise<WorkflowProblem | undefined> {
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
        return innerProblem(id, node, inner, at);
      default:
        return undefined;
    }
  }
}

async function innerProblem(
  id: AppId | null,
  { workflowId, input }: WorkflowNodeOf<'subworkflow'>,
  inner: InnerWorkflows,
  at: (field: string, message: string) => WorkflowProblem,
): Promise<WorkflowProblem | undefined> {
  const message = await inner.refusal(workflowId);
  if (message !== undefined) return at('workflowId', message);
  if (await inner.runs(workflowId, id))
    return at('workflowId', `workflow ${workflowId} runs this one, or itself, again; name one that does not`);
  const { name, nodes } = await inner.get(workflowId);
  const start = nodes.find((node) => node.type === 'start');
  const keys = ['message', ...(start?.variables ?? []).map(({ key }) => key)];
  const unknown = Object.keys(input).find((key) => !keys.includes(key));
  if (unknown === undefined) return undefined;
  return at(`input.${unknown}`, `workflow “${name}” takes ${keys.join(', ')}, and no ${unknown}; remove it`);
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
