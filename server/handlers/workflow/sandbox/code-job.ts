import type { ValueType } from '../../../../shared/workflow-values.ts';

/** What a program has to give back under a key. */
export interface DeclaredOutput {
  readonly key: string;
  readonly type: ValueType;
}

/** One program, as it goes to its thread. */
export interface CodeJob {
  /** Has a `function main(inputs)`. */
  readonly code: string;
  /** What `main` is given, as JSON. */
  readonly inputs: string;
  readonly outputs: readonly DeclaredOutput[];
  /** Milliseconds. */
  readonly timeMs: number;
}

/** How a program ended, as it comes back. */
export type CodeOutcome =
  /** `outputs` is JSON: the declared keys, each of its type, and no others. */
  | { readonly kind: 'done'; readonly outputs: string }
  /** The program threw. `line` is its own, from 1; null where none of its lines was at work. */
  | { readonly kind: 'threw'; readonly what: string; readonly line: number | null }
  /** It is not the program that was expected. */
  | { readonly kind: 'wrong'; readonly problem: string }
  /** It wanted more than a program may have. */
  | { readonly kind: 'limit'; readonly problem: string };
