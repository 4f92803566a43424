import { z } from 'zod';
import { limits } from './limits.ts';
import { JsonTemplate, Name, VariablePath } from './workflow-values.ts';

const UnaryOperator = z.enum(['empty', 'not_empty']);

const BinaryOperator = z.enum([
  'equal',
  'not_equal',
  'contains',
  'not_contains',
  'starts_with',
  'ends_with',
  'greater',
  'less',
  'greater_or_equal',
  'less_or_equal',
  /** A regular expression as RE2 has it: no look-around, no references back, and linear in time. */
  'matches',
]);

export type RuleOperator = z.infer<typeof UnaryOperator> | z.infer<typeof BinaryOperator>;

/** Compares a variable with a value, in which texts are templates. */
export const Rule = z.discriminatedUnion('operator', [
  z.strictObject({ left: VariablePath, operator: UnaryOperator }),
  z.strictObject({ left: VariablePath, operator: BinaryOperator, right: JsonTemplate }),
]);
export type Rule = z.infer<typeof Rule>;

const rules = { match: z.enum(['all', 'any']), rules: z.array(Rule).min(1).max(limits.workflowRules) };

export const Rules = z.strictObject(rules);
export type Rules = z.infer<typeof Rules>;

/** A way out of a condition, by its id. Of several that fit the first one is taken. */
export const Case = z.strictObject({ id: Name, ...rules });
export type Case = z.infer<typeof Case>;
