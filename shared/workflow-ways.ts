import { unreachable } from './errors.ts';
import type { WorkflowNode } from './workflow-node.ts';

/** A way out of a node, of which exactly one is taken each time the node has run. */
export interface Way {
  /** What the edges of it name as their `branch`; undefined: nothing. */
  readonly branch: string | undefined;
  /** Whether at least one edge has to take it. */
  readonly required: boolean;
}

const only: readonly Way[] = [{ branch: undefined, required: true }];
const required = (branch: string): Way => ({ branch, required: true });

/** The branch of a condition that is taken where no case fits. */
export const elseBranch = 'else';
/** The branch of a question that nobody has answered in time. */
export const expiredBranch = 'expired';
/** The branches of a loop: another round, and what comes after the last one. */
export const bodyBranch = 'body';
export const doneBranch = 'done';

/**
 * The ways out of a node; none: an end. A choice has either one for each option, where `splits`, or the only one, on which
 * what was chosen is but a value.
 */
export function waysOut(node: WorkflowNode, splits: boolean): readonly Way[] {
  switch (node.type) {
    case 'start':
    case 'llm':
    case 'assistant':
    case 'tool':
    case 'http':
    case 'code':
    case 'subworkflow':
      return only;
    case 'input':
      return withExpiry(only, node.expiresAfterMinutes);
    case 'output':
      if (node.ask?.kind !== 'choice' || !splits) return node.ask ? withExpiry(only, node.expiresAfterMinutes) : only;
      return withExpiry(
        node.ask.options.map(({ id }) => required(id)),
        node.expiresAfterMinutes,
      );
    case 'condition':
      return [...node.cases.map(({ id }) => required(id)), required(elseBranch)];
    case 'loop':
      return [required(bodyBranch), required(doneBranch)];
    case 'end':
      return [];
    default:
      return unreachable(node);
  }
}

function withExpiry(ways: readonly Way[], expiresAfterMinutes: number | undefined): readonly Way[] {
  return expiresAfterMinutes === undefined ? ways : [...ways, { branch: expiredBranch, required: false }];
}
