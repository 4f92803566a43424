import { createHash } from 'node:crypto';

/** What every provider takes as the name of a tool. */
const longest = 64;
const forbidden = /[^a-zA-Z0-9_-]/g;

const hashLength = 8;

/**
 * What a model calls a tool: always the same for the same tool, so that a conversation of last week can be told to it
 * again. `mcp:files/read` is `files__read`.
 */
export function modelNameOf(name: string): string {
  const plain = name.replace(/^mcp:/, '').replace('/', '__').replaceAll(forbidden, '_');
  if (plain.length <= longest) return plain;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, hashLength);
  return `${plain.slice(0, longest - hashLength - 1)}_${hash}`;
}
