import { z } from 'zod';
import { limits } from './limits.ts';

/** What a variable of a workflow holds. `files` are those that a person sent, as a list. */
export const ValueType = z.enum(['text', 'number', 'boolean', 'list', 'object', 'files']);
export type ValueType = z.infer<typeof ValueType>;

/** Known in every node, as `{{system.now}}`; all of them are text. No node may be called like what stands before the dot. */
export const presetVariables = [
  'system.now',
  'system.chat_id',
  'system.run_id',
  'system.user_id',
  'chat.history',
] as const;

const name = /^[a-z][a-z0-9_]*$/i;

/** The id of a node, a key of a variable, a case or an option. What every JavaScript object has is none of them. */
export const Name = z
  .string()
  .max(limits.workflowName)
  .regex(name, 'expected letters, digits and underscores, a letter first')
  .refine((text) => !(text in Object.prototype), 'expected a name of your own; this one is a word of JavaScript');

/** A variable without its braces: `node.key`, `node.key.field` for a field of an object, `node.key.0` for an item of a list. */
export const VariablePath = z
  .string()
  .max(limits.workflowText)
  .regex(/^[a-z]\w*(\.\w+)+$/i, 'expected a variable as node.key, without braces');
export type VariablePath = z.infer<typeof VariablePath>;

/** A text in which each `{{node.key}}` is replaced. One that is nothing but a variable has the value of it, and its type. */
export const Template = z.string().max(limits.workflowText);

/** Any JSON; every text in it is a template. */
export const JsonTemplate = z.json();
export type JsonTemplate = z.infer<typeof JsonTemplate>;

/** By the names of parameters. */
export const JsonTemplates = z.record(z.string().min(1).max(limits.workflowName), JsonTemplate);
