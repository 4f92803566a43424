import { z } from 'zod';
import type { InputAnswer } from '../../../../db/store.ts';
import { SwitchboardError } from '../../../../shared/errors.ts';
import type { InputId } from '../../../../shared/ids.ts';
import { limits } from '../../../../shared/limits.ts';
import { newId } from '../../../../shared/new-id.ts';
import type { Question } from '../../../../shared/run.ts';

const msPerMinute = 60_000;

const Option = z.union([z.string().min(1), z.object({ id: z.string().min(1), label: z.string().min(1) })]);

const Asked = z.object({
  prompt: z.string(),
  options: z.array(Option).min(1).max(limits.workflowOptions).optional(),
  schema: z.record(z.string(), z.unknown()).optional(),
  expiresAfterMinutes: z.int().min(1).max(limits.workflowQuestionMinutes).optional(),
  otherwise: z.json().optional(),
});

/**
 * What `interrupt` may ask, besides a text. `interrupt` returns the answer: the text; of `options` the one that was chosen,
 * by its id where it has one; with a `schema` (JSON Schema) what fits it.
 *
 * After `expiresAfterMinutes` it returns `otherwise`, and where there is none the run fails with `INPUT_EXPIRED`.
 */
export type WorkflowQuestion = z.input<typeof Asked>;

/** One question that a graph has stopped at. */
export interface Interrupt {
  readonly id: string;
  readonly value?: unknown;
}

/** Kept with the question, for when its answer comes. */
interface Subject {
  readonly interruptId: string;
  readonly otherwise?: z.infer<typeof Asked>['otherwise'];
}

/** Errors: `WORKFLOW_INVALID`, when the graph asks in another way. */
export function questionOf({ id: interruptId, value }: Interrupt, now: () => number = Date.now): Question {
  const asked = Asked.safeParse(typeof value === 'string' ? { prompt: value } : value);
  if (!asked.success) throw wrongQuestion(asked.error.issues[0]);
  const { prompt, expiresAfterMinutes: minutes, otherwise } = asked.data;
  const subject: Subject = { interruptId, ...(otherwise !== undefined && { otherwise }) };
  return {
    id: newId<InputId>(),
    prompt,
    ...answered(asked.data),
    subject,
    ...(minutes !== undefined && { expiresAt: new Date(now() + minutes * msPerMinute).toISOString() }),
  };
}

/** What LangGraph is told: the answer, by what it is one to. Errors: `INPUT_EXPIRED`. */
export function answersOf({ subject, value, expired }: InputAnswer): Readonly<Record<string, unknown>> {
  const { interruptId, otherwise } = subject as Subject;
  if (!expired) return { [interruptId]: value };
  if (otherwise !== undefined) return { [interruptId]: otherwise };
  throw new SwitchboardError('INPUT_EXPIRED', 'nobody answered the question in time; send the message again');
}

function answered({ options, schema }: z.infer<typeof Asked>): Pick<Question, 'kind' | 'schema'> {
  if (options) return { kind: 'choice', schema: { oneOf: options.map(optionOf) } };
  if (schema) return { kind: 'form', schema };
  return { kind: 'text', schema: { type: 'string', minLength: 1, maxLength: limits.inputValue } };
}

function optionOf(option: z.infer<typeof Option>) {
  return typeof option === 'string' ? { const: option, title: option } : { const: option.id, title: option.label };
}

function wrongQuestion(issue: { readonly path: readonly PropertyKey[]; readonly message: string } | undefined) {
  const where = issue?.path.join('.') || 'its value';
  const message = `the graph asks with interrupt() what nobody can answer: ${where}: ${issue?.message}`;
  return new SwitchboardError('WORKFLOW_INVALID', `${message}; give it a text, or a WorkflowQuestion`);
}
