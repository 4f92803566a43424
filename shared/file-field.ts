type Schema = Readonly<Record<string, unknown>>;

/**
 * The `format` of a text that is the id of an upload of whoever answers. A property of a form that is a list of such texts is
 * a field for files; to whoever does not know the format it is a list of texts.
 */
export const fileIdFormat = 'file-id';

/** Whether the schema of a form's field asks for files. */
export function isFileField({ type, items }: Schema): boolean {
  return type === 'array' && isSchema(items) && items['format'] === fileIdFormat;
}

/** The names of the fields of a form that ask for files, in their order. */
export function fileFieldsOf({ properties }: Schema): string[] {
  if (!isSchema(properties)) return [];
  return Object.entries(properties).flatMap(([name, field]) => (isSchema(field) && isFileField(field) ? [name] : []));
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
