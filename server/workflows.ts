import { isDeepStrictEqual } from 'node:util';
import type { OwnWorkflow, WorkflowStore } from '../db/workflow-store.ts';
import { SwitchboardError } from '../shared/errors.ts';
import type { AppId, UserId } from '../shared/ids.ts';
import type {
  CreateWorkflow,
  GetWorkflow,
  ListWorkflows,
  UpdateWorkflow,
  ValidateWorkflow,
  WorkflowVersions,
} from '../shared/inputs.ts';
import { limits } from '../shared/limits.ts';
import { newId } from '../shared/new-id.ts';
import type { WorkflowDetails, WorkflowProblem } from '../shared/workflow.ts';
import type { WorkflowSettings } from '../shared/workflow-settings.ts';
import { workflowInvalid } from './handlers/workflow/check-workflow.ts';
import { validateWorkflow } from './handlers/workflow/validation/validate-workflow.ts';
import type { WorkflowReferences } from './workflow-references.ts';

export interface WorkflowsOptions {
  readonly store: WorkflowStore;
  readonly references: WorkflowReferences;
}

/** What `workflow.validate` answers. */
export interface Validation {
  /** None: it can run. */
  readonly problems: readonly WorkflowProblem[];
  /** Problems that there are besides these. */
  readonly more: number;
}

/**
 * What people do with workflows. A draft may have any number of problems; whatever is published has none, whether it is
 * published or changed afterwards.
 */
export class Workflows {
  readonly #options: WorkflowsOptions;

  constructor(options: WorkflowsOptions) {
    this.#options = options;
  }

  get(userId: UserId, { workflowId, version }: GetWorkflow): Promise<WorkflowDetails> {
    return this.#options.store.workflow(userId, workflowId, version);
  }

  list(userId: UserId, query: ListWorkflows): ReturnType<WorkflowStore['workflows']> {
    return this.#options.store.workflows(userId, query);
  }

  versions(userId: UserId, { workflowId, ...page }: WorkflowVersions): ReturnType<WorkflowStore['workflowVersions']> {
    return this.#options.store.workflowVersions(userId, workflowId, page);
  }

  create(userId: UserId, settings: CreateWorkflow): Promise<WorkflowDetails> {
    return this.#options.store.createWorkflow(userId, newId(), settings);
  }

  /**
   * Makes the next version, unless nothing becomes different. Of changes that come at once each is made of the other's
   * result, so that what was checked together is stored together.
   */
  async update(userId: UserId, { workflowId, ifVersion, ...changes }: UpdateWorkflow): Promise<WorkflowDetails> {
    const { store } = this.#options;
    for (;;) {
      const before = await store.ownWorkflow(userId, workflowId);
      if (ifVersion !== undefined && ifVersion !== before.version) throw outdated(ifVersion, before.version);
      const last = settingsOf(before);
      const next = { ...last, ...withoutAbsent(changes) };
      if (isDeepStrictEqual(next, last)) return store.workflow(userId, workflowId);
      if (before.published)
        await this.#expectValid(userId, workflowId, next, 'is published, and would not run any more');
      const updated = await store.updateWorkflow(userId, before, next);
      if (updated) return updated;
    }
  }

  /** Errors: `WORKFLOW_INVALID` while it has problems. */
  async publish(userId: UserId, workflowId: AppId): Promise<WorkflowDetails> {
    const { store } = this.#options;
    for (;;) {
      const own = await store.ownWorkflow(userId, workflowId);
      await this.#expectValid(userId, workflowId, own, 'cannot be published');
      const published = await store.publishWorkflow(userId, workflowId, own.version);
      if (published) return published;
    }
  }

  unpublish(userId: UserId, workflowId: AppId): Promise<WorkflowDetails> {
    return this.#options.store.unpublishWorkflow(userId, workflowId);
  }

  async delete(userId: UserId, workflowId: AppId): Promise<{ workflowId: AppId }> {
    await this.#options.store.deleteWorkflow(userId, workflowId);
    return { workflowId };
  }

  async validate(userId: UserId, input: ValidateWorkflow): Promise<Validation> {
    const [id, { definition }] =
      'workflowId' in input
        ? [input.workflowId, await this.#options.store.ownWorkflow(userId, input.workflowId)]
        : [null, input];
    const problems = await this.#problems(userId, id, definition);
    const told = problems.slice(0, limits.workflowProblems);
    return { problems: told, more: problems.length - told.length };
  }

  async #problems(userId: UserId, id: AppId | null, definition: unknown): Promise<WorkflowProblem[]> {
    const { references } = this.#options;
    return [...validateWorkflow(definition), ...(await references.problems(userId, id, definition))];
  }

  async #expectValid(userId: UserId, id: AppId, { name, definition }: WorkflowSettings, what: string): Promise<void> {
    const problems = await this.#problems(userId, id, definition);
    if (problems.length > 0) throw workflowInvalid(`the workflow “${name}” ${what}`, problems);
  }
}

function settingsOf({ name, description, definition }: OwnWorkflow): WorkflowSettings {
  return { name, description, definition };
}

function withoutAbsent(changes: Omit<UpdateWorkflow, 'workflowId' | 'ifVersion'>): Partial<WorkflowSettings> {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}

function outdated(ifVersion: number, version: number): SwitchboardError {
  const message = `ifVersion: expected ${version}, the newest version, got ${ifVersion}; read the workflow again, and update it from there`;
  return new SwitchboardError('INVALID_INPUT', message, { details: { version } });
}
