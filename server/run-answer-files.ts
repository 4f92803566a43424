import type { AnsweredFiles } from '../db/store.ts';
import { SwitchboardError } from '../shared/errors.ts';
import { fileFieldsOf } from '../shared/file-field.ts';
import { FileId } from '../shared/ids.ts';
import type { InputRequest } from '../shared/run.ts';

/**
 * The files that an answer names, by the fields of its form. The answer keeps to the schema.
 *
 * Errors: `INVALID_INPUT`, naming the field, for what is no id.
 */
export function filesNamedIn(schema: InputRequest['schema'], value: unknown): AnsweredFiles[] {
  return fileFieldsOf(schema).flatMap((field) => {
    const named = listIn(value, field);
    return named.length === 0 ? [] : [{ field, fileIds: named.map((id) => fileIdOf(field, id)) }];
  });
}

function listIn(value: unknown, field: string): readonly unknown[] {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, field)) return [];
  const named = (value as Readonly<Record<string, unknown>>)[field];
  return Array.isArray(named) ? named : [];
}

function fileIdOf(field: string, id: unknown): FileId {
  const { success, data } = FileId.safeParse(id);
  if (success) return data;
  const message = `value.${field}: expected ids of files that were uploaded, got ${JSON.stringify(id)}; upload it first`;
  throw new SwitchboardError('INVALID_INPUT', message);
}
