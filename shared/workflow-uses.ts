import { unreachable } from './errors.ts';
import type { WorkflowNode } from './workflow-node.ts';
import { variablesIn } from './workflow-template.ts';
import type { JsonTemplate } from './workflow-values.ts';

/** A text of a node in which variables are filled. */
export interface TemplateUse {
  /** Where it stands in the node: `prompt`, `input.query`, `cases.0.rules.1.right`. */
  readonly field: string;
  readonly template: string;
}

/** A place of a node that names a variable without braces. */
export interface PathUse {
  readonly field: string;
  readonly path: string;
}

/** Every template of a node. */
export function templatesOf(node: WorkflowNode): TemplateUse[] {
  switch (node.type) {
    case 'start':
      return [];
    case 'input':
      return [{ field: 'prompt', template: node.prompt }];
    case 'output':
      return [{ field: 'text', template: node.text }];
    case 'llm':
      return [
        { field: 'system', template: node.system },
        { field: 'prompt', template: node.prompt },
      ];
    case 'assistant':
      return [{ field: 'prompt', template: node.prompt }];
    case 'tool':
    case 'subworkflow':
      return inJson('input', node.input);
    case 'http':
      return [
        { field: 'url', template: node.url },
        ...inJson('headers', node.headers ?? null),
        ...inJson('body', node.body ?? null),
      ];
    case 'condition':
      return node.cases.flatMap(({ rules }, place) => inRules(`cases.${place}.rules`, rules));
    case 'code':
      return inJson('inputs', node.inputs);
    case 'loop':
      return [...inRules('until.rules', node.until?.rules ?? []), ...inJson('collect', node.collect ?? null)];
    case 'end':
      return inJson('output', node.output ?? null);
    default:
      return unreachable(node);
  }
}

/** Every variable that a node names without braces. */
export function pathsOf(node: WorkflowNode): PathUse[] {
  if (node.type === 'condition') return node.cases.flatMap(({ rules }, place) => leftOf(`cases.${place}.rules`, rules));
  if (node.type !== 'llm' && node.type !== 'loop') return [];
  const over = node.over === undefined ? [] : [{ field: 'over', path: node.over }];
  return node.type === 'loop' ? [...over, ...leftOf('until.rules', node.until?.rules ?? [])] : over;
}

/** The variables that a node asks for, anywhere in it. */
export function variablesOf(node: WorkflowNode): string[] {
  const filled = templatesOf(node).flatMap(({ template }) => variablesIn(template));
  return [...filled, ...pathsOf(node).map(({ path }) => path)];
}

type RuleSides = readonly { readonly left: string; readonly right?: JsonTemplate }[];

function inRules(field: string, rules: RuleSides): TemplateUse[] {
  return rules.flatMap(({ right }, place) => inJson(`${field}.${place}.right`, right ?? null));
}

function leftOf(field: string, rules: RuleSides): PathUse[] {
  return rules.map(({ left }, place) => ({ field: `${field}.${place}.left`, path: left }));
}

function inJson(field: string, value: JsonTemplate): TemplateUse[] {
  if (typeof value === 'string') return [{ field, template: value }];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, item]) => inJson(`${field}.${key}`, item));
}
