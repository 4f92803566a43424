import { SwitchboardError } from '../../../shared/errors.ts';
import { limits } from '../../../shared/limits.ts';
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
  return {
    get,
    text: (template) => new Filling(get).text(template),
    json: (template) => new Filling(get).json(template),
    with: (others) => nodeValues(outputsOf, { ...more, ...others }),
  };
}

/**
 * Fills one template. A text may name a long value a thousand times, and what nobody could keep should not be made.
 *
 * Errors: `WORKFLOW_LIMIT` when what is filled in is more than all variables of a run may be.
 */
class Filling {
  readonly #get: NodeValues['get'];
  readonly #sizes = new Map<unknown, number>();
  #left: number = limits.workflowBytes;

  constructor(get: NodeValues['get']) {
    this.#get = get;
  }

  text(template: string): string {
    return template.replaceAll(variable, (_, path: string) => {
      const text = asText(this.#get(path));
      this.#spend(text.length);
      return text;
    });
  }

  json(template: JsonTemplate): unknown {
    if (typeof template === 'string') {
      const only = onlyVariableOf(template);
      return only === undefined ? this.text(template) : this.#value(only);
    }
    if (Array.isArray(template)) return template.map((item) => this.json(item));
    if (template === null || typeof template !== 'object') return template;
    return Object.fromEntries(Object.entries(template).map(([key, value]) => [key, this.json(value)]));
  }

  /** The same value is there but once, until somebody writes it down. */
  #value(path: string): unknown {
    const value = this.#get(path);
    const size = this.#sizes.get(value) ?? asText(value).length;
    this.#sizes.set(value, size);
    this.#spend(size);
    return value;
  }

  #spend(units: number): void {
    this.#left -= units;
    if (this.#left >= 0) return;
    const message = `what is filled into one field is more than ${limits.workflowBytes} characters`;
    throw new SwitchboardError('WORKFLOW_LIMIT', `${message}; name long variables less often in it`);
  }
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
