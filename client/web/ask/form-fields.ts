import { parseJson } from './parse-json.ts';

type Schema = Readonly<Record<string, unknown>>;

/** One field of a form. `json` is for what has no field of its own: lists and objects. */
export interface FormField {
  readonly name: string;
  readonly label: string;
  readonly hint: string | null;
  readonly kind: 'string' | 'number' | 'integer' | 'boolean' | 'enum' | 'json';
  /** What may be chosen, with `enum`; otherwise empty. */
  readonly options: readonly unknown[];
  readonly isRequired: boolean;
  /** What the field says at first: `true` or nothing for a boolean, the number of the option for an enum. */
  readonly initial: string;
}

/** What is written in the fields by their names, each as its field has it. */
export type Written = Readonly<Record<string, string>>;

export type Answered =
  | { readonly value: Readonly<Record<string, unknown>> }
  /** The field that cannot be read. */
  | { readonly name: string; readonly mistake: string };

const kinds: ReadonlySet<unknown> = new Set(['string', 'number', 'integer', 'boolean']);

/** The fields of an object's schema, in its order; null where it describes something else. */
export function fieldsOf(schema: Schema): FormField[] | null {
  const { properties, required } = schema;
  if (!isSchema(properties)) return null;
  const names: ReadonlySet<unknown> = new Set(Array.isArray(required) ? required : []);
  return Object.entries(properties).map(([name, of]) => fieldOf(name, isSchema(of) ? of : {}, names.has(name)));
}

/** The values that a schema allows, one by one; null where it does not list them. */
export function optionsOf({ enum: options }: Schema): readonly unknown[] | null {
  return Array.isArray(options) && options.length > 0 ? options : null;
}

export function wordsOfOption(option: unknown): string {
  return typeof option === 'string' ? option : JSON.stringify(option);
}

/** What the fields say, as the schema's types; what is optional and empty is left out. */
export function answerOf(fields: readonly FormField[], written: Written): Answered {
  const value: Record<string, unknown> = {};
  for (const field of fields) {
    const text = written[field.name] ?? field.initial;
    if (text === '' && !(field.isRequired && field.kind === 'string') && field.kind !== 'boolean') continue;
    const read = readField(field, text);
    if (read.mistake !== null) return { name: field.name, mistake: read.mistake };
    value[field.name] = read.value;
  }
  return { value };
}

function fieldOf(name: string, schema: Schema, isRequired: boolean): FormField {
  const { title, description, type, default: initial } = schema;
  const options = optionsOf(schema);
  const kind = options ? 'enum' : kinds.has(type) ? (type as FormField['kind']) : 'json';
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

function initialOf(kind: FormField['kind'], options: readonly unknown[], initial: unknown): string {
  if (kind === 'boolean') return initial === true ? 'true' : '';
  if (initial === undefined) return '';
  if (kind === 'enum') {
    const place = options.findIndex((option) => JSON.stringify(option) === JSON.stringify(initial));
    return place < 0 ? '' : String(place);
  }
  return typeof initial === 'string' && kind !== 'json' ? initial : JSON.stringify(initial);
}

function readField({ kind, options }: FormField, text: string): ReturnType<typeof parseJson> {
  if (kind === 'json') return parseJson(text);
  return { mistake: null, value: plainValue(kind, options, text) };
}

function plainValue(kind: Exclude<FormField['kind'], 'json'>, options: readonly unknown[], text: string): unknown {
  if (kind === 'boolean') return text === 'true';
  if (kind === 'enum') return options[Number(text)];
  return kind === 'string' ? text : Number(text);
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
