import { SwitchboardError } from '../../../shared/errors.ts';
import { limits } from '../../../shared/limits.ts';
import { onlyVariableOf } from '../../../shared/workflow-template.ts';
import type { WorkflowNode } from '../../../shared/workflow-node.ts';
import { pathsOf, templatesOf } from '../../../shared/workflow-uses.ts';
import { toolOutput } from '../tools/tool-output.ts';
import type { NodeValues } from './node-executor.ts';

/**
 * What the fields of a node became whose templates have variables, and the variables that it names, by field. Nothing where
 * one is too long to be made: the node meets that too, and says so.
 */
export function inputsOf(node: WorkflowNode, values: NodeValues): Record<string, unknown> {
  try {
    return filledFields(node, values);
  } catch (error) {
    if (error instanceof SwitchboardError) return {};
    throw error;
  }
}

function filledFields(node: WorkflowNode, values: NodeValues): Record<string, unknown> {
  const filled = templatesOf(node).map(({ field, template }) => {
    const only = onlyVariableOf(template);
    return [field, shown(only === undefined ? values.text(template) : values.get(only))] as const;
  });
  const named = pathsOf(node).map(({ field, path }) => [field, shown(values.get(path))] as const);
  return Object.fromEntries([...filled, ...named]);
}

/** As whoever edits the workflow is shown it: what is too long is cut. */
export function inspected(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, shown(value)]));
}

function shown(value: unknown): unknown {
  return toolOutput(value, limits.nodeValue);
}
