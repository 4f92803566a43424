import { SwitchboardError } from '../../../shared/errors.ts';
import { limits } from '../../../shared/limits.ts';
import type { WorkflowNode } from '../../../shared/workflow-node.ts';
import { pathsOf, templatesOf } from '../../../shared/workflow-uses.ts';
import { toolOutput } from '../tools/tool-output.ts';
import type { NodeValues } from './node-executor.ts';

/** UTF-16 units, as JSON, of all that is told of a node at once: as many values as a form has fields, each as long as it may be. */
const mostTold = limits.workflowFields * limits.nodeValue;

type Field = readonly [name: string, read: () => unknown];

/** What the fields of a node became whose templates have variables, and the variables that it names, by field. */
export function inputsOf(node: WorkflowNode, values: NodeValues): Record<string, unknown> {
  // What is only looked at takes nothing of the room that the node has.
  const looked = values.with({});
  const filled = templatesOf(node).map(({ field, template }): Field => [field, () => looked.json(template)]);
  const named = pathsOf(node).map(({ field, path }): Field => [field, () => looked.json(`{{${path}}}`)]);
  return told([...filled, ...named]);
}

/** As whoever edits the workflow is shown it: what is too long is cut, what is too much left out. */
export function inspected(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return told(Object.entries(values).map(([key, value]) => [key, () => value]));
}

function told(fields: readonly Field[]): Record<string, unknown> {
  const shown: [string, unknown][] = [];
  let room = mostTold;
  for (const [name, read] of fields) {
    const value = valueOf(read);
    if (value === undefined) break;
    room -= JSON.stringify(value).length;
    if (room < 0) break;
    shown.push([name, value]);
  }
  return Object.fromEntries(shown);
}

/** Undefined where the node is given more than it may be: it will say so itself. */
function valueOf(read: () => unknown): unknown {
  try {
    return toolOutput(read(), limits.nodeValue);
  } catch (error) {
    if (error instanceof SwitchboardError && error.code === 'WORKFLOW_LIMIT') return undefined;
    throw error;
  }
}
