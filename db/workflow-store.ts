import type { AppId, UserId } from '../shared/ids.ts';
import type { WorkflowDetails, WorkflowSummary } from '../shared/workflow.ts';
import type { WorkflowSettings, WorkflowVersion } from '../shared/workflow-settings.ts';
import type { Page } from './store.ts';

export interface ListWorkflows extends Page {
  /** Only the user's own; otherwise the published ones of everybody as well. */
  readonly mine?: boolean | undefined;
}

/** The newest version of one's own workflow, whole. */
export interface OwnWorkflow extends WorkflowSettings {
  readonly id: AppId;
  readonly version: number;
  readonly published: boolean;
}

/** A workflow that is a program around the server, which has it under a name. */
export interface RegisteredApp {
  readonly id: AppId;
  readonly key: string;
  readonly name: string;
  readonly description: string;
}

/** What a change was made of: it counts while the workflow is still that. */
export type WorkflowState = Pick<OwnWorkflow, 'id' | 'version' | 'published'>;

/**
 * Workflows as people make them. One of another user is seen while it is published, never changed: for a change it is like
 * a missing one, `NOT_FOUND` with the same words; so are those that came with the server, and deleted ones.
 */
export interface WorkflowStore {
  /** Version 1, not published. Errors: `TOO_LARGE` when the user has as many as anybody may have. */
  createWorkflow(userId: UserId, id: AppId, settings: WorkflowSettings): Promise<WorkflowDetails>;
  /** One's own, or a published one; an earlier version of one's own only. Errors: `NOT_FOUND`. */
  workflow(userId: UserId, id: AppId, version?: number): Promise<WorkflowDetails>;
  /** Oldest first. */
  workflows(userId: UserId, query: ListWorkflows): Promise<{ workflows: WorkflowSummary[]; nextCursor: string | null }>;
  /** Errors: `NOT_FOUND`. */
  ownWorkflow(userId: UserId, id: AppId): Promise<OwnWorkflow>;
  /** Makes the next version of what is in this state still; null when it is not. Errors: `NOT_FOUND`. */
  updateWorkflow(userId: UserId, state: WorkflowState, settings: WorkflowSettings): Promise<WorkflowDetails | null>;
  /** Publishes this version, while it is the newest; null when it is not. Twice is once. Errors: `NOT_FOUND`. */
  publishWorkflow(userId: UserId, id: AppId, version: number): Promise<WorkflowDetails | null>;
  /** Twice is once. Errors: `NOT_FOUND`. */
  unpublishWorkflow(userId: UserId, id: AppId): Promise<WorkflowDetails>;
  /** What it answered stays readable. Errors: `NOT_FOUND`. */
  deleteWorkflow(userId: UserId, id: AppId): Promise<void>;
  /** Makes known which programs there are now: these are published, for everybody, and those that were are not any more. */
  keepRegistered(workflows: readonly RegisteredApp[]): Promise<void>;
  /** Newest first. Errors: `NOT_FOUND`. */
  workflowVersions(
    userId: UserId,
    id: AppId,
    page: Page,
  ): Promise<{ versions: WorkflowVersion[]; nextCursor: string | null }>;
}
