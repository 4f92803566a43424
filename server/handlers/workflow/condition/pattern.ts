import { RE2JS, RE2JSException } from 're2js';
import { SwitchboardError } from '../../../../shared/errors.ts';
import { limits } from '../../../../shared/limits.ts';
import { LeastRecent } from '../../least-recent.ts';
import { patternWeight } from './pattern-weight.ts';

/** Patterns that are kept, each up to some hundred kilobytes: those of a few workflows at work. */
const kept = 100;

const patterns = new LeastRecent<string, RE2JS>(kept);

/** Why a regular expression cannot be used; undefined where it can. */
export function patternProblem(pattern: string): string | undefined {
  if (pattern.length > limits.pattern)
    return `it has ${pattern.length} characters; at most ${limits.pattern} are looked at`;
  if (patternWeight(pattern) > limits.patternWeight)
    return 'its repeat counts and ranges beyond ASCII take too long to read; make it simpler';
  try {
    compiled(pattern);
    return undefined;
  } catch (error) {
    // Patterns of an author are wrong in ways that RE2 names.
    if (error instanceof RE2JSException) return error.message.replace('error parsing regexp: ', '');
    throw error;
  }
}

/**
 * Whether the pattern is found in the text. It takes a time that is linear in the text, whatever the pattern.
 *
 * Errors: `WORKFLOW_INVALID` when it is no pattern, `WORKFLOW_LIMIT` when it would take too long.
 */
export function isFound(pattern: string, text: string): boolean {
  const problem = patternProblem(pattern);
  if (problem !== undefined)
    throw new SwitchboardError('WORKFLOW_INVALID', `${shown(pattern)} is no pattern: ${problem}`);
  const expression = compiled(pattern);
  const steps = expression.programSize() * text.length;
  if (steps <= limits.patternSteps) return expression.test(text);
  const message = `to look for ${shown(pattern)} in ${text.length} characters takes ${steps} steps; at most ${limits.patternSteps}`;
  throw new SwitchboardError('WORKFLOW_LIMIT', `${message}; shorten one of them`);
}

function compiled(pattern: string): RE2JS {
  return patterns.get(pattern, () => RE2JS.compile(pattern));
}

/** UTF-16 units of a pattern in an error. */
const shownText = 60;

function shown(pattern: string): string {
  return JSON.stringify(pattern.slice(0, shownText));
}
