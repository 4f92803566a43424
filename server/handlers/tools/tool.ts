import type { z } from 'zod';
import type { UserId } from '../../../shared/ids.ts';
import type { SourcePart } from '../../../shared/message.ts';

/** Arguments described by JSON Schema, as a server of another language tells them. */
export type JsonSchema = Readonly<Record<string, unknown>>;

export interface ToolContext {
  /** Aborts when nobody waits for the result any more: the run was stopped, or the call took too long. */
  readonly signal: AbortSignal;
  /** The same for every try of one call, and for no other call. */
  readonly idempotencyKey: string;
  /** Whose chat it is called in. */
  readonly userId: UserId;
}

/**
 * Something that a model may have done for it.
 *
 * What `execute` returns becomes JSON, and the model and the person get it, cut at `limits.toolOutput`. To fail, throw:
 * the model is told the error's message and goes on. Arguments have been checked by `schema`.
 *
 * @example
 * ```ts
 * const weather = defineTool({
 *   name: 'weather',
 *   description: 'The weather in a city, now.',
 *   schema: z.object({ city: z.string().max(100) }),
 *   readOnly: true,
 *   execute: async ({ city }, { signal }) => (await fetch(urlFor(city), { signal })).json(),
 * });
 * await createServer({ tools: [weather] });
 * ```
 */
export interface Tool<Schema extends z.ZodType | JsonSchema = z.ZodType | JsonSchema> {
  /** Letters, digits, `_` and `-`, at most 64. */
  readonly name: string;
  /** For people; the name where there is none. */
  readonly title?: string;
  /** For the model: what it does, and when to call it. */
  readonly description: string;
  readonly schema: Schema;
  /** It changes nothing anywhere, so that it may be called again when nobody knows what became of a call. */
  readonly readOnly: boolean | ((input: InputOf<Schema>) => boolean);
  /** Whether a person is asked before each call, where the assistant says nothing else; false where nothing is said. */
  readonly approval?: boolean;
  /** Milliseconds for one call; `limits.toolMs` where nothing is said. */
  readonly timeoutMs?: number;
  execute(input: InputOf<Schema>, context: ToolContext): unknown;
  /**
   * What an answer is based on that was given this output of a call: both as kept, JSON, or text where it was cut. It is told
   * after the answer, each once. Absent: nothing.
   */
  sources?(output: unknown, input: unknown): readonly Source[];
}

/** Where something stands that a tool has read. */
export type Source = Omit<SourcePart, 'type'>;

type InputOf<Schema> = Schema extends z.ZodType ? z.output<Schema> : unknown;

/** The tool as it is; the types of its arguments come from its schema. */
export function defineTool<Schema extends z.ZodType>(tool: Tool<Schema>): Tool {
  return tool;
}
