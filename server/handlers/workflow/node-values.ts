import { SwitchboardError } from '../../../shared/errors.ts';
import { limits } from '../../../shared/limits.ts';
import type { WorkflowNode } from '../../../shared/workflow-node.ts';
import { onlyVariableOf, parseVariable } from '../../../shared/workflow-template.ts';
import { pathsOf, templatesOf } from '../../../shared/workflow-uses.ts';
import type { JsonTemplate } from '../../../shared/workflow-values.ts';
import type { NodeOutputs, NodeValues } from './node-executor.ts';

const variable = /\{\{\s*([\w.]+)\s*\}\}/g;

/**
 * The values that a node sees. A few words can name a large value a thousand times, so what is filled in is bounded in all.
 *
 * Errors: `WORKFLOW_LIMIT` past `workflowFilled`.
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
  const textOf = boundedTexts(get);
  const text = (template: string) => template.replaceAll(variable, (_, path: string) => textOf(path));
  const only = (path: string) => {
    textOf(path);
    return get(path);
  };
  return {
    get,
    text,
    json: (template) => filled(template, only, text),
    with: (others) => nodeValues(outputsOf, { ...more, ...others }),
  };
}

/** The text of a variable, made once; all that are asked for count. */
function boundedTexts(get: NodeValues['get']): (path: string) => string {
  const made = new Map<string, string>();
  let room: number = limits.workflowFilled;
  return (path) => {
    const found = made.get(path) ?? asText(get(path));
    made.set(path, found);
    room -= found.length;
    if (room >= 0) return found;
    const message = `what is filled into the texts of the node is longer than ${limits.workflowFilled} characters`;
    throw new SwitchboardError('WORKFLOW_LIMIT', `${message}; name large values less often`);
  };
}

function filled(template: JsonTemplate, only: NodeValues['get'], text: NodeValues['text']): unknown {
  if (typeof template === 'string') {
    const path = onlyVariableOf(template);
    return path === undefined ? text(template) : only(path);
  }
  if (Array.isArray(template)) return template.map((item) => filled(item, only, text));
  if (template === null || typeof template !== 'object') return template;
  return Object.fromEntries(Object.entries(template).map(([key, value]) => [key, filled(value, only, text)]));
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
