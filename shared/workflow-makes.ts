import { unreachable } from './errors.ts';
import type { WorkflowNode } from './workflow-node.ts';
import type { FormField } from './workflow-question.ts';
import type { ValueType } from './workflow-values.ts';

/** `any`: what a tool, a request or an item of a list gives is known only when it is there. */
export type KnownType = ValueType | 'any';

/** What a node makes known, by key. */
export type Makes = ReadonlyMap<string, KnownType>;

const none: Makes = new Map();
const textOutput: Makes = new Map([['output', 'text']]);
const item: Makes = new Map([
  ['item', 'any'],
  ['index', 'number'],
]);

/** What a node makes known to those after it; of a loop, to those behind `done`. */
export function makes(node: WorkflowNode): Makes {
  switch (node.type) {
    case 'start':
      return byKey([['message', 'text'], ['files', 'files'], ...(node.variables ?? []).map(keyAndType)]);
    case 'input':
      return byKey(node.mode === 'dialog' ? [['text', 'text']] : node.fields.map(answerOf));
    case 'output':
      if (!node.ask) return none;
      return byKey([[node.ask.kind === 'input' ? 'answer' : 'choice', 'text']]);
    case 'llm':
      return byKey([['output', node.over === undefined ? 'text' : 'list']]);
    case 'assistant':
      return textOutput;
    case 'tool':
    case 'subworkflow':
      return byKey([['output', 'any']]);
    case 'http':
      return byKey([
        ['status', 'number'],
        ['body', 'text'],
        ['json', 'any'],
      ]);
    case 'code':
      return byKey(node.outputs.map(keyAndType));
    case 'loop':
      return node.collect === undefined ? none : byKey([['results', 'list']]);
    case 'condition':
    case 'end':
      return none;
    default:
      return unreachable(node);
  }
}

/** What a node makes known inside itself alone: a loop in its body, `until` and `collect`; a batch in its texts. */
export function makesInside(node: WorkflowNode): Makes {
  if (node.type !== 'loop' && node.type !== 'llm') return none;
  if (node.over !== undefined) return item;
  return node.type === 'loop' ? byKey([['index', 'number']]) : none;
}

function byKey(entries: readonly (readonly [string, KnownType])[]): Makes {
  return new Map(entries);
}

function keyAndType({ key, type }: { key: string; type: ValueType }): readonly [string, KnownType] {
  return [key, type];
}

function answerOf({ key, type }: FormField): readonly [string, KnownType] {
  return [key, type === 'select' ? 'text' : type];
}
