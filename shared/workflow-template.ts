/** `{{node.key}}` or `{{node.key.field}}`; what looks otherwise between braces is text. */
const variable = /\{\{\s*([\w.]+)\s*\}\}/g;
const onlyVariable = /^\s*\{\{\s*([\w.]+)\s*\}\}\s*$/;

/** A variable by its parts: the node that makes it, its key, and the fields into it. */
export interface VariableName {
  readonly node: string;
  readonly key: string;
  readonly fields: readonly string[];
}

/** The variables that a template asks for, as they stand between the braces. */
export function variablesIn(template: string): string[] {
  if (!template.includes('{{')) return [];
  return Array.from(template.matchAll(variable), (match) => match[1] ?? '');
}

/** The variable that a template is, where it is nothing else: its value keeps its type. */
export function onlyVariableOf(template: string): string | undefined {
  return onlyVariable.exec(template)?.[1];
}

/** Undefined for what is no name of a variable: one without a dot, or with two in a row. */
export function parseVariable(text: string): VariableName | undefined {
  const [node, key, ...fields] = text.split('.');
  return node && key && !fields.includes('') ? { node, key, fields } : undefined;
}
