import { unreachable } from '../../../../shared/errors.ts';
import type { StartVariable } from '../../../../shared/workflow-node.ts';
import type { ValueType } from '../../../../shared/workflow-values.ts';
import type { NodeExecutor } from '../node-executor.ts';

/** Makes what the person wrote, and the variables: as given from outside, else as they begin, else nothing of their type. */
export const start: NodeExecutor<'start'> = async function* start(node, { given, run }) {
  const variables = (node.variables ?? []).map((variable) => [
    variable.key,
    given?.[variable.key] ?? initial(variable),
  ]);
  yield* [];
  return {
    outputs: {
      ...Object.fromEntries(variables),
      message: given?.['message'] ?? run.text,
      files: given?.['files'] ?? [],
    },
  };
};

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
