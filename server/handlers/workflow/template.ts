const variable = /\{\{\s*([\w]+\.[\w]+)\s*\}\}/g;

/** The variables that a template asks for, as `node.key`. */
export function variablesOf(template: string): string[] {
  return Array.from(template.matchAll(variable), (match) => match[1] ?? '');
}

/**
 * The template with each `{{node.key}}` replaced by its value, once: what a value itself contains is never filled in.
 * Every variable has a value, because the workflow was checked before it ran.
 */
export function fillTemplate(template: string, values: ReadonlyMap<string, string>): string {
  return template.replaceAll(variable, (_, name: string) => values.get(name) ?? '');
}
