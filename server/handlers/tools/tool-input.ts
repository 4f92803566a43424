import { Validator } from '@langchain/core/utils/json_schema';
import { z } from 'zod';
import type { JsonSchema, Tool } from './tool.ts';

/** Arguments that fit, or in words what does not. */
type CheckedInput = { readonly value: unknown } | { readonly problem: string };

/** How arguments are told to a model, and how those that it gives are checked. */
export interface ToolInput {
  readonly parameters: JsonSchema;
  check(input: unknown): CheckedInput;
}

/** Faults that are told; the rest are mostly of the same kind. */
const mostFaults = 5;

export function toolInput({ schema }: Pick<Tool, 'schema'>): ToolInput {
  return isZod(schema) ? zodInput(schema) : jsonSchemaInput(schema);
}

function isZod(schema: z.ZodType | JsonSchema): schema is z.ZodType {
  return '_zod' in schema;
}

function zodInput(schema: z.ZodType): ToolInput {
  const { $schema: _, ...parameters } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return {
    parameters,
    check(input) {
      const parsed = schema.safeParse(input);
      if (parsed.success) return { value: parsed.data };
      return { problem: faults(parsed.error.issues.map(({ path, message }) => [path.join('.'), message])) };
    },
  };
}

/** Checked by an interpreter: other validators make code of the schema, which a stranger's server may have sent. */
function jsonSchemaInput(schema: JsonSchema): ToolInput {
  const validator = new Validator(schema, '2020-12', false);
  return {
    parameters: schema,
    check(input) {
      const { valid, errors } = validator.validate(input);
      if (valid) return { value: input };
      return { problem: faults(errors.map(({ instanceLocation, error }) => [instanceLocation, error])) };
    },
  };
}

function faults(found: readonly (readonly [where: string, what: string])[]): string {
  const told = found
    .slice(0, mostFaults)
    .map(([where, what]) => (where === '' || where === '#' ? what : `${where}: ${what}`));
  return told.join('; ');
}
