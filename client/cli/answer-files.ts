import { fileFieldsOf } from '../../shared/file-field.ts';
import { codeOf } from '../index.ts';
import { attachFiles } from './attached.ts';
import { Refused } from './ending.ts';
import type { Session } from './session.ts';

/** Uploads a file of this machine for a field of a form, and resolves to its id. Errors: `Refused` for what is not taken. */
export type UploadFor = (field: string, path: string) => Promise<string>;

type Schema = Readonly<Record<string, unknown>>;

const refusals: ReadonlySet<unknown> = new Set(['INVALID_INPUT', 'TOO_LARGE']);
const anyId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function uploaderOf(session: Session): UploadFor {
  return async (field, path) => {
    try {
      const [file] = await attachFiles(session, [path], field);
      return file?.fileId ?? '';
    } catch (error) {
      if (refusals.has(codeOf(error))) throw new Refused(`${field}: ${path}: ${(error as Error).message}`);
      throw error;
    }
  };
}

/** An answer in whose fields for files there may be paths: they are uploaded, ids stay. */
export async function withUploads(schema: Schema, value: unknown, upload: UploadFor): Promise<unknown> {
  if (typeof value !== 'object' || value === null) return value;
  const answer: Record<string, unknown> = { ...value };
  for (const field of fileFieldsOf(schema)) {
    const named = answer[field];
    if (Array.isArray(named)) answer[field] = await uploaded(field, named, upload);
  }
  return answer;
}

async function uploaded(field: string, named: readonly unknown[], upload: UploadFor): Promise<unknown[]> {
  const ids: unknown[] = [];
  for (const one of named) ids.push(typeof one !== 'string' || anyId.test(one) ? one : await upload(field, one));
  return ids;
}
