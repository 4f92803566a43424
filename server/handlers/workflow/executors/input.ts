import { unreachable } from '../../../../shared/errors.ts';
import { limits } from '../../../../shared/limits.ts';
import type { WorkflowNodeOf } from '../../../../shared/workflow-node.ts';
import type { FormField } from '../../../../shared/workflow-question.ts';
import { expiredBranch } from '../../../../shared/workflow-ways.ts';
import type { NodeExecutor, NodeOutputs } from '../node-executor.ts';
import { askPerson, takeAnswer } from './ask-person.ts';

/** Asks a person for a text or for the fields of a form. */
export const input: NodeExecutor<'input'> = async function* input(node, context) {
  const last = context.resumed?.answers.at(-1);
  if (!last) {
    const { expiresAfterMinutes } = node;
    yield* askPerson({ ...asked(node), prompt: context.values.text(node.prompt), expiresAfterMinutes });
    return { outputs: {} };
  }
  const answer = yield* takeAnswer(last, context);
  if (answer.kind === 'expired') return { outputs: nothing(node), way: expiredBranch };
  return { outputs: made(node, answer.value) };
};

function asked(node: WorkflowNodeOf<'input'>) {
  if (node.mode === 'dialog')
    return { kind: 'text', schema: { type: 'string', minLength: 1, maxLength: limits.inputValue } } as const;
  const required = node.fields.filter((field) => field.required ?? true).map(({ key }) => key);
  const properties = Object.fromEntries(node.fields.map((field) => [field.key, schemaOf(field)]));
  return { kind: 'form', schema: { type: 'object', properties, required, additionalProperties: false } } as const;
}

function schemaOf(field: FormField) {
  const { label: title, type } = field;
  switch (type) {
    case 'text':
      // Required and empty is not answered.
      return { title, type: 'string', ...((field.required ?? true) && { minLength: 1 }) };
    case 'number':
      return { title, type: 'number' };
    case 'boolean':
      return { title, type: 'boolean' };
    case 'select':
      return { title, enum: field.options };
    case 'files':
      return { title, type: 'array', items: { type: 'string' } };
    default:
      return unreachable(type);
  }
}

function made(node: WorkflowNodeOf<'input'>, value: unknown): NodeOutputs {
  if (node.mode === 'dialog') return { text: value };
  const answered = value as Readonly<Record<string, unknown>>;
  return Object.fromEntries(node.fields.map(({ key }) => [key, answered[key] ?? null]));
}

function nothing(node: WorkflowNodeOf<'input'>): NodeOutputs {
  return node.mode === 'dialog' ? { text: '' } : Object.fromEntries(node.fields.map(({ key }) => [key, null]));
}
