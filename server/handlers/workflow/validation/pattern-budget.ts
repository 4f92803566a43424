import { limits } from '../../../../shared/limits.ts';
import { patternProblem } from '../condition/pattern.ts';
import { patternWeight } from '../condition/pattern-weight.ts';

/** Looks at the patterns of one definition, each once, and at so many as take no longer than may be. */
export class PatternBudget {
  readonly #problems = new Map<string, string | undefined>();
  #left: number = limits.workflowPatternWeight;

  /** Why a pattern cannot be used; undefined where it can. */
  problemOf(pattern: string): string | undefined {
    if (!this.#problems.has(pattern)) this.#problems.set(pattern, this.#look(pattern));
    return this.#problems.get(pattern);
  }

  #look(pattern: string): string | undefined {
    this.#left -= Math.min(patternWeight(pattern), limits.patternWeight);
    if (this.#left >= 0) return patternProblem(pattern);
    return 'those before it take as long as all patterns of a workflow may; use fewer, or move some into a subworkflow';
  }
}
