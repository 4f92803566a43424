import { SwitchboardError, unreachable } from '../../../../shared/errors.ts';
import type { StartVariable } from '../../../../shared/workflow-node.ts';
import type { ValueType } from '../../../../shared/workflow-values.ts';
import { isImage, withTextFiles } from '../../attached-files.ts';
import { isOfType, typeWords } from '../value-type.ts';
import type { NodeContext, NodeExecutor, NodeOutputs } from '../node-executor.ts';

/** Makes what the person wrote, and the variables: as given from outside, else as they begin, else nothing of their type. */
export const start: NodeExecutor<'start'> = async function* start(node, { given, run }) {
  const variables = (node.variables ?? []).map((variable) => [variable.key, valueOf(variable, node.id, given)]);
  yield* [];
  return {
    outputs: {
      ...Object.fromEntries(variables),
      message: given?.['message'] ?? (await messageOf(run)),
      files: given?.['files'] ?? run.attachments,
    },
  };
};

/** What the person wrote, with what text files say. Errors: `MODEL_BAD_REQUEST` for images, which no node takes. */
async function messageOf(run: NodeContext['run']): Promise<string> {
  const image = run.attachments.find(isImage);
  if (!image) return withTextFiles(run);
  const message = `a workflow takes no images, and the message has ${JSON.stringify(image.name)}; ask an assistant about it`;
  throw new SwitchboardError('MODEL_BAD_REQUEST', message);
}

/** Errors: `WORKFLOW_INVALID` for what is given and is of another type: a subworkflow may hand in what nobody knew before. */
function valueOf(variable: StartVariable, nodeId: string, given: NodeOutputs | null): unknown {
  const { key, type } = variable;
  const value = given?.[key] ?? initial(variable);
  if (isOfType(value, type)) return value;
  const message = `node ${nodeId}, field variables: ${key} is of type ${type}, and was given ${typeWords(value)}`;
  throw new SwitchboardError('WORKFLOW_INVALID', `${message}; give it another value, or change its type`);
}

function initial({ type, default: value }: StartVariable): unknown {
  return value ?? nothingOf(type);
}

function nothingOf(type: ValueType): unknown {
  switch (type) {
    case 'text':
      return '';
    case 'number':
      return 0;
    case 'boolean':
      return false;
    case 'list':
    case 'files':
      return [];
    case 'object':
      return {};
    default:
      return unreachable(type);
  }
}
