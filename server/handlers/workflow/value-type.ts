import { unreachable } from '../../../shared/errors.ts';
import type { ValueType } from '../../../shared/workflow-values.ts';

interface TypeOf {
  text: string;
  number: number;
  boolean: boolean;
  list: unknown[];
  object: Record<string, unknown>;
  files: Record<string, unknown>[];
}

/** Whether a value, which is JSON, is what a variable of this type may hold. */
export function isOfType<Type extends ValueType>(value: unknown, type: Type): value is TypeOf[Type] {
  const wanted: ValueType = type;
  switch (wanted) {
    case 'text':
      return typeof value === 'string';
    case 'number':
      return Number.isFinite(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'list':
      return Array.isArray(value);
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'files':
      return Array.isArray(value) && value.every((item) => isOfType(item, 'object'));
    default:
      return unreachable(wanted);
  }
}

/** What a value is, in words for an error. Undefined is what was no JSON. */
export function typeWords(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null (which NaN and Infinity become too)';
  const type = (['text', 'number', 'boolean', 'list', 'object'] as const).find((one) => isOfType(value, one));
  return type ?? typeof value;
}
