import { z } from 'zod';
import { Time } from './chat.ts';
import { jsonWithin } from './input-value.ts';
import { limits } from './limits.ts';
import { RunError } from './message.ts';

const Values = jsonWithin(limits.inputValue, limits.inputDepth).pipe(z.record(z.string(), z.unknown()));

/** Values for the variables of a workflow's start, by their keys, for one run. */
export const RunParameters = Values;
export type RunParameters = z.infer<typeof RunParameters>;

/** A node that runs alone, with these values by the names of their variables, as `node.key`. */
export const NodeTest = z.object({ nodeId: z.string().max(limits.workflowName), values: Values });
export type NodeTest = z.infer<typeof NodeTest>;

/** What the owner of a workflow says about one run of it. */
export interface RunInstructions {
  readonly parameters?: RunParameters;
  readonly test?: NodeTest;
}

/** A node at work in a run, as the log of the run has it. What is long is cut. */
export const NodeLogEntry = z.object({
  nodeId: z.string(),
  title: z.string(),
  startedAt: Time,
  durationMs: z.number().nonnegative(),
  /** What its fields with variables became. */
  inputs: z.record(z.string(), z.unknown()).optional(),
  /** What it has made, by key. */
  outputs: z.record(z.string(), z.unknown()).optional(),
  /** The way out that was taken, where it has several. */
  branch: z.string().optional(),
  /** Why it has failed. */
  error: RunError.optional(),
});
export type NodeLogEntry = z.infer<typeof NodeLogEntry>;
