import { isFileField } from '../../shared/file-field.ts';
import { withUploads } from './answer-files.ts';
import type { UploadFor } from './answer-files.ts';
import { valueOfField, valueOfLine } from './answer-line.ts';
import type { Asked } from './asked.ts';
import { choicesOf } from './asked.ts';
import { Refused } from './ending.ts';
import type { LineSource } from './line-source.ts';
import type { Screen } from './screen.ts';

/** Where answers are read, and where it is told what is wrong with them. */
export interface Desk {
  readonly lines: LineSource;
  readonly screen: Screen;
  /** Aborts when the question needs no answer any more. */
  readonly signal: AbortSignal;
  /** For files that are asked for. */
  readonly upload: UploadFor;
}

type Read<Value> = { readonly value: Value } | null;
type Schema = Readonly<Record<string, unknown>>;

const prompts = {
  text: 'answer? ',
  choice: 'number or word? ',
  approval: 'y, n [reason] or {other arguments}? ',
  form: 'JSON? ',
} as const;

/** An answer that was refused, and why. */
export interface RefusedAnswer {
  readonly value: unknown;
  readonly why: string;
}

/**
 * The answer to a question; null when there are no more lines. Of a form that was refused a person is asked again for what
 * was wrong. Errors: the signal's reason.
 */
export async function readAnswer(asked: Asked, desk: Desk, refused: RefusedAnswer | null): Promise<Read<unknown>> {
  const { kind, schema } = asked.request;
  if (kind === 'form' && desk.lines.isInteractive && isObject(schema['properties']))
    return readForm(schema, desk, refused);
  return readValue(prompts[kind], desk, async (line) => withUploads(schema, valueOfLine(asked, line), desk.upload));
}

/** Field by field; one that is left empty and need not be there is left out. */
async function readForm(schema: Schema, desk: Desk, refused: RefusedAnswer | null): Promise<Read<unknown>> {
  const fields = Object.entries(schema['properties'] as Record<string, unknown>);
  const wrong = fields.filter(([name]) => refused?.why.includes(`value.${name}`));
  const value: Record<string, unknown> = wrong.length > 0 ? { ...(refused?.value as {}) } : {};
  const required = Array.isArray(schema['required']) ? (schema['required'] as unknown[]) : [];
  for (const [name, field] of wrong.length > 0 ? wrong : fields) {
    delete value[name];
    const read = await readField(name, isObject(field) ? field : {}, required.includes(name), desk);
    if (!read) return null;
    if (read.value !== undefined) value[name] = read.value;
  }
  return { value };
}

function readField(name: string, field: Schema, isRequired: boolean, desk: Desk): Promise<Read<unknown>> {
  const title = typeof field['title'] === 'string' ? field['title'] : name;
  if (isFileField(field)) return readFiles(title, field, isRequired, desk);
  const choices = choicesOf(field).map(({ label }) => label);
  const hints = [...choices, ...hintsOfType(field), ...(isRequired ? [] : ['may be empty'])];
  const prompt = `${title}${hints.length > 0 ? ` (${hints.join(', ')})` : ''}? `;
  return readValue(prompt, desk, (line) => valueOfField(field, line), !isRequired);
}

/** How what is neither a text nor a number is written on a line. */
function hintsOfType({ type, items }: Schema): string[] {
  if (type === 'boolean') return ['y or n'];
  if (type === 'object') return ['JSON'];
  if (type !== 'array') return [];
  const of = isObject(items) ? items : {};
  const choices = choicesOf(of).map(({ label }) => label);
  if (choices.length === 0 && of['type'] !== 'string') return ['JSON'];
  return [...choices, 'several with commas between'];
}

/** A path a line, until there are as many as the field takes or a line is empty; undefined for none. */
async function readFiles(title: string, { maxItems }: Schema, isRequired: boolean, desk: Desk): Promise<Read<unknown>> {
  const ids: unknown[] = [];
  const most = typeof maxItems === 'number' ? maxItems : Infinity;
  while (ids.length < most) {
    const mayBeEmpty = !isRequired || ids.length > 0;
    const hint = `path of ${ids.length === 0 ? 'a' : 'another'} file${mayBeEmpty ? ', may be empty' : ''}`;
    const read = await readValue(`${title} (${hint})? `, desk, (path) => desk.upload(title, path.trim()), mayBeEmpty);
    if (!read) return null;
    if (read.value === undefined) break;
    ids.push(read.value);
  }
  return { value: ids.length === 0 ? undefined : ids };
}

/** Asks until a line can be read. Empty lines answer nothing, as they say nothing elsewhere. */
async function readValue(
  prompt: string,
  { lines, screen, signal }: Desk,
  valueOf: (line: string) => unknown,
  mayBeEmpty = false,
): Promise<Read<unknown>> {
  for (;;) {
    const line = await lines.take(prompt, signal);
    if (line === null) return null;
    if (line.trim() === '' && mayBeEmpty) return { value: undefined };
    if (line.trim() === '') continue;
    try {
      if (lines.isInteractive && line.startsWith('/')) {
        throw new Refused('a question waits: answer it, or /stop; to answer this, begin the line with a space');
      }
      return { value: await valueOf(lines.isInteractive && /^\s+\//.test(line) ? line.trimStart() : line) };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      screen.notice(error.message);
    }
  }
}

function isObject(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
