import { unreachable } from '../../../../shared/errors.ts';
import { fileIdFormat } from '../../../../shared/file-field.ts';
import { limits } from '../../../../shared/limits.ts';
import type { WorkflowNodeOf } from '../../../../shared/workflow-node.ts';
import type { FormField } from '../../../../shared/workflow-question.ts';
import { expiredBranch } from '../../../../shared/workflow-ways.ts';
import type { FilesByField } from '../../../../db/store.ts';
import { withTexts } from '../../attached-files.ts';
import type { ToldFile } from '../../attached-files.ts';
import type { NodeContext, NodeExecutor, NodeOutputs } from '../node-executor.ts';
import { askPerson, takeAnswer } from './ask-person.ts';

/** Asks a person for a text or for the fields of a form. A field for files makes a list of them, with what those of text say. */
export const input: NodeExecutor<'input'> = async function* input(node, context) {
  const last = context.resumed?.answers.at(-1);
  if (!last) {
    const { expiresAfterMinutes } = node;
    yield* askPerson({ ...asked(node), prompt: context.values.text(node.prompt), expiresAfterMinutes });
    return { outputs: {} };
  }
  const answer = yield* takeAnswer(last, context);
  if (answer.kind === 'expired') return { outputs: nothing(node), way: expiredBranch };
  const files = await readFiles(answer.files, context.run);
  return { outputs: { ...made(node, answer.value), ...files } };
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
      return {
        title,
        type: 'array',
        items: { type: 'string', format: fileIdFormat },
        uniqueItems: true,
        maxItems: limits.filesPerMessage,
        ...((field.required ?? true) && { minItems: 1 }),
      };
    default:
      return unreachable(type);
  }
}

function made(node: WorkflowNodeOf<'input'>, value: unknown): NodeOutputs {
  if (node.mode === 'dialog') return { text: value };
  const answered = value as Readonly<Record<string, unknown>>;
  return Object.fromEntries(node.fields.map(({ key }) => [key, answered[key] ?? null]));
}

/** By field; what is read is told once, however many fields have it. */
async function readFiles(files: FilesByField, run: NodeContext['run']): Promise<NodeOutputs> {
  const each = new Map(Object.values(files).flatMap((list) => list.map((file) => [file.fileId, file])));
  const read = await withTexts([...each.values()], async (fileId) => run.readFile(fileId));
  const byId = new Map<string, ToldFile>(read.map((file) => [file.fileId, file]));
  return Object.fromEntries(
    Object.entries(files).map(([key, list]) => [key, list.map(({ fileId }) => byId.get(fileId))]),
  );
}

function nothing(node: WorkflowNodeOf<'input'>): NodeOutputs {
  return node.mode === 'dialog' ? { text: '' } : Object.fromEntries(node.fields.map(({ key }) => [key, null]));
}
