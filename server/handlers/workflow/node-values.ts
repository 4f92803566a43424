import type { WorkflowNode } from '../../../shared/workflow-node.ts';
import { onlyVariableOf, parseVariable } from '../../../shared/workflow-template.ts';
import { pathsOf, templatesOf } from '../../../shared/workflow-uses.ts';
import type { JsonTemplate } from '../../../shared/workflow-values.ts';
import type { NodeOutputs, NodeValues } from './node-executor.ts';

const variable = /\{\{\s*([\w.]+)\s*\}\}/g;

/**
 * The values that a node sees.
 *
 * @param outputsOf what a node has made, or a preset such as `system`; undefined when it has not been at work
 */
export function nodeValues(
  outputsOf: (node: string) => NodeOutputs | undefined,
  more: Readonly<Record<string, unknown>> = {},
): NodeValues {
  const get = (path: string): unknown => {
    if (Object.hasOwn(more, path)) return more[path];
    const name = parseVariable(path);
    if (!name) return null;
    const key = `${name.node}.${name.key}`;
    const value = Object.hasOwn(more, key) ? more[key] : fieldOf(outputsOf(name.node), name.key);
    return name.fields.reduce(fieldOf, value);
  };
  const text = (template: string) => template.replaceAll(variable, (_, path: string) => asText(get(path)));
  return {
    get,
    text,
    json: (template) => filled(template, get, text),
    with: (others) => nodeValues(outputsOf, { ...more, ...others }),
  };
}

function filled(template: JsonTemplate, get: NodeValues['get'], text: NodeValues['text']): unknown {
  if (typeof template === 'string') {
    const only = onlyVariableOf(template);
    return only === undefined ? text(template) : get(only);
  }
  if (Array.isArray(template)) return template.map((item) => filled(item, get, text));
  if (template === null || typeof template !== 'object') return template;
  return Object.fromEntries(Object.entries(template).map(([key, value]) => [key, filled(value, get, text)]));
}

/** Of an object or a list; null where it has none. */
function fieldOf(value: unknown, key: string): unknown {
  if (value === null || typeof value !== 'object' || !Object.hasOwn(value, key)) return null;
  return (value as Readonly<Record<string, unknown>>)[key] ?? null;
}

function asText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Whether a node asks for what the chat was about before. */
export function usesHistory(node: WorkflowNode): boolean {
  const paths = pathsOf(node).map(({ path }) => path);
  const templates = templatesOf(node).map(({ template }) => template);
  return paths.includes('chat.history') || templates.some((template) => /\{\{\s*chat\.history\s*\}\}/.test(template));
}
