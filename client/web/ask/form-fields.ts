import { isFileField } from '../../../shared/file-field.ts';
import { parseJson } from './parse-json.ts';

type Schema = Readonly<Record<string, unknown>>;

/** A value that may be chosen, and what it is called. */
export interface Option {
  readonly value: unknown;
  readonly label: string;
}

/**
 * One field of a form. `choices` is for a list of values that are listed, `lines` for a list of texts, `files` for uploads,
 * `json` for what has no field of its own: other lists and objects.
 */
export interface FormField {
  readonly name: string;
  readonly label: string;
  readonly hint: string | null;
  readonly kind:
    | 'string'
    | 'date'
    | 'email'
    | 'url'
    | 'number'
    | 'integer'
    | 'boolean'
    | 'enum'
    | 'choices'
    | 'lines'
    | 'files'
    | 'json';
  /** What may be chosen, with `enum` and `choices`; otherwise empty. */
  readonly options: readonly Option[];
  readonly isRequired: boolean;
  /** What the field says at first: `true` or nothing for a boolean, the number of the option for an enum, of each chosen one for choices. */
  readonly initial: string;
}

/** What is written in the fields by their names, each as its field has it. */
export type Written = Readonly<Record<string, string>>;

export type Answered =
  | { readonly value: Readonly<Record<string, unknown>> }
  /** The field that cannot be read. */
  | { readonly name: string; readonly mistake: string };

/** In place of an id. */
const unready = '…';

/** Texts for which browsers have a field. */
const formats: Readonly<Record<string, FormField['kind']>> = { date: 'date', email: 'email', uri: 'url' };

const kinds: ReadonlySet<unknown> = new Set(['string', 'number', 'integer', 'boolean']);

/** The fields of an object's schema, in its order; null where it describes something else. */
export function fieldsOf(schema: Schema): FormField[] | null {
  const { properties, required } = schema;
  if (!isSchema(properties)) return null;
  const names: ReadonlySet<unknown> = new Set(Array.isArray(required) ? required : []);
  return Object.entries(properties).map(([name, of]) => fieldOf(name, isSchema(of) ? of : {}, names.has(name)));
}

/** The values that a schema allows, one by one, by `enum` or as a `oneOf` of constants; null where it does not list them. */
export function optionsOf({ enum: values, oneOf }: Schema): readonly Option[] | null {
  if (Array.isArray(values) && values.length > 0) return values.map((value) => optionOf(value));
  if (!Array.isArray(oneOf) || oneOf.length === 0) return null;
  const options = oneOf.filter(isSchema).filter((option) => Object.hasOwn(option, 'const'));
  if (options.length < oneOf.length) return null;
  return options.map(({ const: value, title }) => optionOf(value, title));
}

function optionOf(value: unknown, title?: unknown): Option {
  if (typeof title === 'string') return { value, label: title };
  return { value, label: typeof value === 'string' ? value : JSON.stringify(value) };
}

/** What the fields say, as the schema's types; what is optional and empty is left out. */
export function answerOf(fields: readonly FormField[], written: Written): Answered {
  const value: Record<string, unknown> = {};
  for (const field of fields) {
    const text = written[field.name] ?? field.initial;
    if (text === '' && !saysSomething(field)) continue;
    const read = readField(field, text);
    if (read.mistake !== null) return { name: field.name, mistake: read.mistake };
    value[field.name] = read.value;
  }
  return { value };
}

/** Ids of uploads as what their field says; null: one that is not whole, or was not taken. */
export function textOfFiles(ids: readonly (string | null)[]): string {
  return ids.map((id) => id ?? unready).join('\n');
}

/** The places of chosen options as what their field says, in the order of the options. */
export function textOfChosen(places: readonly number[]): string {
  return places.toSorted((one, other) => one - other).join('\n');
}

export function chosenOf(text: string): number[] {
  return linesOf(text).map(Number);
}

function placesOf(values: readonly unknown[], options: readonly Option[]): number[] {
  const wanted = new Set(values.map((value) => JSON.stringify(value)));
  return [...options.keys()].filter((place) => wanted.has(JSON.stringify(options[place]?.value)));
}

/** Whether a field that is empty is an answer, or a mistake. */
function saysSomething({ kind, isRequired }: FormField): boolean {
  return kind === 'boolean' || (isRequired && (kind === 'string' || kind === 'choices' || kind === 'files'));
}

function fieldOf(name: string, schema: Schema, isRequired: boolean): FormField {
  const { title, description, default: initial } = schema;
  const kind = kindOf(schema);
  const options = kind === 'choices' ? optionsOf(schema['items'] as Schema) : optionsOf(schema);
  return {
    name,
    label: typeof title === 'string' ? title : name,
    hint: typeof description === 'string' ? description : null,
    kind,
    options: options ?? [],
    isRequired,
    initial: initialOf(kind, options ?? [], initial),
  };
}

function kindOf(schema: Schema): FormField['kind'] {
  const { type, items, format } = schema;
  if (optionsOf(schema)) return 'enum';
  if (isFileField(schema)) return 'files';
  if (type === 'array' && isSchema(items))
    return optionsOf(items) ? 'choices' : items['type'] === 'string' ? 'lines' : 'json';
  if (type === 'string' && typeof format === 'string') return formats[format] ?? 'string';
  return kinds.has(type) ? (type as FormField['kind']) : 'json';
}

function initialOf(kind: FormField['kind'], options: readonly Option[], initial: unknown): string {
  if (kind === 'boolean') return initial === true ? 'true' : '';
  if (initial === undefined || kind === 'files') return '';
  if (kind === 'enum') return textOfChosen(placesOf([initial], options));
  if (kind === 'choices') return textOfChosen(placesOf(Array.isArray(initial) ? initial : [], options));
  if (kind === 'lines') return Array.isArray(initial) ? initial.join('\n') : '';
  return typeof initial === 'string' && kind !== 'json' ? initial : JSON.stringify(initial);
}

function readField({ kind, options }: FormField, text: string): ReturnType<typeof parseJson> {
  if (kind === 'json') return parseJson(text);
  if (kind === 'files') return readFiles(text);
  return { mistake: null, value: plainValue(kind, options, text) };
}

function readFiles(text: string): ReturnType<typeof parseJson> {
  const ids = linesOf(text);
  if (ids.length === 0) return { mistake: 'Attach a file.' };
  if (ids.includes(unready)) return { mistake: 'Not every file is uploaded: wait, try again, or remove it.' };
  return { mistake: null, value: ids };
}

function plainValue(
  kind: Exclude<FormField['kind'], 'files' | 'json'>,
  options: readonly Option[],
  text: string,
): unknown {
  if (kind === 'boolean') return text === 'true';
  if (kind === 'enum') return options[Number(text)]?.value;
  if (kind === 'choices') return chosenOf(text).map((place) => options[place]?.value);
  if (kind === 'lines') return linesOf(text);
  return kind === 'number' || kind === 'integer' ? Number(text) : text;
}

/** One on each line; empty ones are no texts. */
function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
