import type { ChatClient } from '../../index.ts';
import type { WorkflowProblem, WorkflowSummary } from '../../../shared/workflow.ts';

export interface OwnWorkflow extends WorkflowSummary {
  readonly definition: unknown;
}

export interface WorkflowVersionItem {
  readonly version: number;
  readonly definition: unknown;
  readonly createdAt: string;
}

interface Settings {
  readonly name: string;
  readonly description: string;
  readonly definition: unknown;
}

interface Asked<Input, Output> {
  query(input: Input): Promise<Output>;
}

interface Done<Input, Output> {
  mutate(input: Input): Promise<Output>;
}

type OfWorkflow = { readonly workflowId: string };

/** Until the server's own types are there. */
export interface WorkflowApi {
  readonly list: Asked<{ mine?: boolean; limit: number }, { workflows: WorkflowSummary[] }>;
  readonly get: Asked<OfWorkflow, OwnWorkflow>;
  readonly create: Done<Settings, OwnWorkflow>;
  readonly update: Done<OfWorkflow & { ifVersion: number } & Settings, OwnWorkflow>;
  readonly versions: Asked<OfWorkflow, { versions: WorkflowVersionItem[] }>;
  readonly validate: Asked<{ definition: unknown }, { problems: WorkflowProblem[] }>;
  readonly publish: Done<OfWorkflow, unknown>;
  readonly unpublish: Done<OfWorkflow, unknown>;
  readonly delete: Done<OfWorkflow, unknown>;
}

export function workflowApi(api: ChatClient['api']): WorkflowApi {
  return api.workflow as unknown as WorkflowApi;
}
