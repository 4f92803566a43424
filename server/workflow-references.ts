import { SwitchboardError } from '../shared/errors.ts';
import type { AppId, UserId } from '../shared/ids.ts';
import type { ModelParameters } from '../shared/assistant.ts';
import { nodesOf } from '../shared/readable-nodes.ts';
import type { WorkflowProblem } from '../shared/workflow.ts';
import type { StartVariable, WorkflowNode, WorkflowNodeOf } from '../shared/workflow-node.ts';
import { onlyVariableOf } from '../shared/workflow-template.ts';
import { isOfType, typeWords } from './handlers/workflow/value-type.ts';
import { WorkflowParts } from './workflow-parts.ts';
import type { WorkflowPartsOptions } from './workflow-parts.ts';

export interface WorkflowReferencesOptions extends WorkflowPartsOptions {
  /** Rejects with `INVALID_INPUT` for a model that cannot be, and parameters that it does not take. */
  readonly models: { check(model: string | null, parameters: ModelParameters): Promise<void> };
  readonly knowsTool: (name: string) => boolean;
  /** Rejects with `NOT_FOUND` for one that the user may not use. */
  readonly assistant: (userId: UserId, id: AppId) => Promise<unknown>;
  readonly workflow: (userId: UserId, id: AppId) => Promise<unknown>;
}

/** Whether what a workflow names is there for its owner: models, tools, assistants and other workflows. */
export class WorkflowReferences {
  readonly #options: WorkflowReferencesOptions;

  constructor(options: WorkflowReferencesOptions) {
    this.#options = options;
  }

  /** @param id of the workflow itself; null when it is not stored */
  async problems(userId: UserId, id: AppId | null, definition: unknown): Promise<WorkflowProblem[]> {
    const nodes = nodesOf(definition);
    const check = new ReferenceCheck(this.#options, userId, id);
    const found: WorkflowProblem[] = [];
    // One after the other: a thousand nodes are no reason to ask the database a thousand things at once.
    for (const node of nodes) found.push(...(await check.problemOf(node)));
    const isWhole = !found.some(({ field }) => field === 'workflowId');
    return isWhole ? [...found, ...(await check.problemOfAll(nodes))] : found;
  }
}

/** One look at one workflow: what several nodes name is asked for once. */
class ReferenceCheck {
  readonly #options: WorkflowReferencesOptions;
  readonly #userId: UserId;
  readonly #parts: WorkflowParts;
  readonly #asked = new Map<string, Promise<string | undefined>>();
  readonly #inner = new Map<AppId, Inner>();

  constructor(options: WorkflowReferencesOptions, userId: UserId, id: AppId | null) {
    this.#options = options;
    this.#userId = userId;
    this.#parts = new WorkflowParts(options, id);
  }

  async problemOf(node: WorkflowNode): Promise<WorkflowProblem[]> {
    const { assistant, knowsTool, models } = this.#options;
    const at = (field: string, message: string): WorkflowProblem => ({ nodeId: node.id, field, message });
    const refusal = async (field: string, name: string, check: () => Promise<unknown>) => {
      const message = await this.#once(`${node.type} ${name}`, check);
      return message === undefined ? [] : [at(field, message)];
    };
    switch (node.type) {
      case 'llm': {
        const parameters = { temperature: node.temperature ?? null, topP: null, maxOutputTokens: null };
        const name = `${node.model} ${node.temperature}`;
        return refusal('model', name, async () => models.check(node.model, parameters));
      }
      case 'tool':
        return knowsTool(node.tool)
          ? []
          : [at('tool', `expected the name of a tool that this server has, got ${node.tool}; tool.list has them`)];
      case 'assistant':
        return refusal('assistantId', node.assistantId, async () => assistant(this.#userId, node.assistantId));
      case 'subworkflow':
        return this.#innerProblems(node, at);
      default:
        return [];
    }
  }

  /** Of subworkflows that are right each for itself. */
  async problemOfAll(nodes: readonly WorkflowNode[]): Promise<WorkflowProblem[]> {
    const extent = await this.#parts.extentOf(nodes);
    const last = nodes.findLast(({ type }) => type === 'subworkflow');
    if (!('problem' in extent) || !last) return [];
    return [{ nodeId: last.id, field: 'workflowId', message: `${extent.problem}; run fewer, or in a loop` }];
  }

  async #innerProblems(
    node: WorkflowNodeOf<'subworkflow'>,
    at: (field: string, message: string) => WorkflowProblem,
  ): Promise<WorkflowProblem[]> {
    const { workflowId, input } = node;
    const { workflow } = this.#options;
    const message = await this.#once(`workflow ${workflowId}`, async () => workflow(this.#userId, workflowId));
    if (message !== undefined) return [at('workflowId', message)];
    const extent = await this.#parts.extentOf([node]);
    if ('problem' in extent) return [at('workflowId', `${extent.problem}; name another workflow`)];
    const known = this.#inner.get(workflowId) ?? innerOf(await this.#parts.stored(workflowId));
    this.#inner.set(workflowId, known);
    return inputProblems(input, known).map(([key, problem]) => at(`input.${key}`, problem));
  }

  async #once(name: string, check: () => Promise<unknown>): Promise<string | undefined> {
    const asked = this.#asked.get(name) ?? messageOf(check());
    this.#asked.set(name, asked);
    return asked;
  }
}

type Inner = { readonly name: string; readonly start: WorkflowNodeOf<'start'> | undefined };

function innerOf(workflow: { readonly name: string; readonly definition: unknown } | null): Inner {
  const start = nodesOf(workflow?.definition).find((node) => node.type === 'start');
  return { name: workflow?.name ?? '', start };
}

const message = { key: 'message', type: 'text' } as const satisfies StartVariable;

/** What a workflow is given, by key: something that it takes, of its type as far as that can be told. */
function inputProblems(input: WorkflowNodeOf<'subworkflow'>['input'], { name, start }: Inner): [string, string][] {
  const variables: readonly StartVariable[] = [message, ...(start?.variables ?? [])];
  return Object.entries(input).flatMap(([key, value]): [string, string][] => {
    const variable = variables.find((one) => one.key === key);
    const keys = variables.map((one) => one.key).join(', ');
    if (!variable) return [[key, `workflow “${name}” takes ${keys}, and no ${key}; remove it`]];
    const { type } = variable;
    const isKnown = typeof value !== 'string' || onlyVariableOf(value) === undefined;
    // Of files each may be a variable.
    if (!isKnown || isOfType(value, type === 'files' ? 'list' : type)) return [];
    return [[key, `workflow “${name}” takes a value of type ${type}, got ${typeWords(value)}; change one of the two`]];
  });
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
