import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { text } from 'node:stream/consumers';
import { limits } from '../../shared/limits.ts';
import { Refused } from './ending.ts';
import type { Terminal } from './terminal.ts';

/** In place of a path: what is read from stdin. */
const stdinPath = '-';

/** What stands before the text in files that some editors write. */
const byteOrderMark = /^\uFEFF/;

/** A definition as it stands in a file, or comes from stdin. Errors: `Refused` for what the server would not take. */
export async function readWorkflow(path: string, { stdin }: Pick<Terminal, 'stdin'>): Promise<{}> {
  const whole = path === stdinPath ? text(stdin) : readFile(path, 'utf8');
  const written = await whole.catch((error: unknown) => {
    throw new Refused(`${path}: ${(error as Error).message}`);
  });
  const definition = parse(path, written.replace(byteOrderMark, ''));
  if (typeof definition !== 'object' || definition === null || Array.isArray(definition))
    throw new Refused(
      `${path}: expected an object with nodes and edges, got ${JSON.stringify(definition).slice(0, 40)}`,
    );
  // It would not fit into a frame, and the server would hang up without a word.
  const { length } = JSON.stringify(definition);
  const most = limits.workflowDefinition;
  if (length > most) throw new Refused(`${path}: expected at most ${most} characters as JSON, got ${length}`);
  return definition;
}

/** How a workflow is called that is read from there. */
export function nameOfFile(path: string): string {
  return path === stdinPath ? 'stdin' : basename(path).slice(0, limits.assistantName);
}

function parse(path: string, written: string): unknown {
  try {
    return JSON.parse(written) as unknown;
  } catch (error) {
    throw new Refused(`${path}: expected JSON: ${(error as Error).message}`);
  }
}

/** Type of a variable of the start, by its key, as far as it can be read. */
function typesOf(definition: unknown): Map<string, string> {
  const nodes = listIn(definition, 'nodes');
  const variables = nodes.flatMap((node) => listIn(node, 'variables'));
  return new Map(
    variables.flatMap((variable): [string, string][] => {
      const [key, type] = [fieldOf(variable, 'key'), fieldOf(variable, 'type')];
      return typeof key === 'string' && typeof type === 'string' ? [[key, type]] : [];
    }),
  );
}

/**
 * Values of `--param key=value`: text is taken as it is, what the start has as another type is read as JSON. Errors:
 * `Refused` for what has no `=`, and for what is no JSON.
 */
export function readParameters(given: readonly string[], definition: unknown): Record<string, unknown> {
  const types = typesOf(definition);
  return Object.fromEntries(
    given.map((pair) => {
      const [key = '', ...rest] = pair.split('=');
      const value = rest.join('=');
      if (rest.length === 0 || key === '')
        throw new Refused(`--param: expected key=value, got ${JSON.stringify(pair)}`);
      const type = types.get(key) ?? 'text';
      return [key, type === 'text' ? value : readValue(key, value, type)];
    }),
  );
}

function readValue(key: string, value: string, type: string): unknown {
  try {
    return JSON.parse(value) as unknown;
  } catch {
    throw new Refused(`--param ${key}: expected a value of type ${type} as JSON, got ${JSON.stringify(value)}`);
  }
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function listIn(value: unknown, name: string): readonly unknown[] {
  const list = fieldOf(value, name);
  return Array.isArray(list) ? list : [];
}
