import { readFile } from 'node:fs/promises';
import { Refused } from './ending.ts';

/** A definition as it stands in a file. Errors: `Refused` for what cannot be read, or is no JSON. */
export async function readWorkflow(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new Refused(`${path}: ${(error as Error).message}`);
  });
  try {
    return JSON.parse(text) as unknown;
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
