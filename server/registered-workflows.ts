import type { RegisteredApp } from '../db/workflow-store.ts';
import type { AppId } from '../shared/ids.ts';
import { ConfigError } from './config.ts';
import { registeredId } from './handlers/workflow/registered/registered-workflow.ts';
import type { RegisteredWorkflow } from './handlers/workflow/registered/registered-workflow.ts';

/** One of the program around the server, under its name. */
export interface WorkflowProgram {
  readonly id: AppId;
  readonly key: string;
  readonly workflow: RegisteredWorkflow;
}

/** Errors: `ConfigError` for a name that cannot be one. */
export function registerWorkflows(workflows: Readonly<Record<string, RegisteredWorkflow>>): WorkflowProgram[] {
  try {
    return Object.entries(workflows).map(([key, workflow]) => ({ id: registeredId(key), key, workflow }));
  } catch (error) {
    throw new ConfigError(`createServer: ${(error as Error).message}`, { cause: error });
  }
}

export function programsById(programs: readonly WorkflowProgram[]): Map<AppId, RegisteredWorkflow> {
  return new Map(programs.map(({ id, workflow }) => [id, workflow]));
}

/** As the list of workflows has them. */
export function registeredApps(programs: readonly WorkflowProgram[]): RegisteredApp[] {
  return programs.map(({ id, key, workflow }) => {
    const { name, description = '' } = workflow;
    return { id, key, name, description };
  });
}
