import { SwitchboardError } from '../../../shared/errors.ts';
import { WorkflowDefinition } from '../../../shared/workflow.ts';
import type { WorkflowProblem } from '../../../shared/workflow.ts';
import { validateWorkflow } from './validation/validate-workflow.ts';

/** Problems that a message names; the others are counted. */
const named = 3;

/**
 * A definition that can run, as far as it can be told from itself alone.
 *
 * Errors: `WORKFLOW_INVALID`, naming the workflow, the first problems, each with its node and field, and how to see all.
 */
export function checkWorkflow(name: string, definition: unknown): WorkflowDefinition {
  const problems = validateWorkflow(definition);
  if (problems.length > 0) throw workflowInvalid(`the workflow “${name}” cannot run`, problems);
  return WorkflowDefinition.parse(definition);
}

export function workflowInvalid(what: string, problems: readonly WorkflowProblem[]): SwitchboardError {
  const words = problems.slice(0, named).map(problemWords);
  const more = problems.length > named ? `, and ${problems.length - named} more; workflow.validate tells all` : '';
  return new SwitchboardError('WORKFLOW_INVALID', `${what}: ${words.join('; ')}${more}`);
}

function problemWords({ nodeId, field, message }: WorkflowProblem): string {
  const place = [nodeId === undefined ? [] : `node ${nodeId}`, field === undefined ? [] : `field ${field}`].flat();
  return place.length === 0 ? message : `${place.join(', ')}: ${message}`;
}
