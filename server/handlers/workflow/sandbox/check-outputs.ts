import { limits } from '../../../../shared/limits.ts';
import { NestedTooDeep, plainJson } from '../plain-json.ts';
import { isOfType, typeWords } from '../value-type.ts';
import type { CodeOutcome, DeclaredOutput } from './code-job.ts';

/**
 * Of what a program returned the outputs that are declared, each of its type; what is not declared is left out. Text is
 * what every part of the system can carry, and no object has a key that would reach its prototype.
 *
 * @param returned JSON, or undefined for what is none
 */
export function checkOutputs(returned: unknown, outputs: readonly DeclaredOutput[]): CodeOutcome {
  if (!isOfType(returned, 'object')) {
    return wrong(`expected main to return an object with ${keysOf(outputs)}, got ${typeWords(returned)}`);
  }
  const found: Record<string, unknown> = {};
  try {
    for (const { key, type } of outputs) {
      const value = Object.hasOwn(returned, key) ? plainJson(returned[key]) : undefined;
      if (value === undefined)
        return wrong(`expected main to return an object with ${keysOf(outputs)}, ${key} is missing`);
      if (!isOfType(value, type)) return wrong(`expected its output ${key} to be ${type}, got ${typeWords(value)}`);
      found[key] = value;
    }
  } catch (error) {
    if (!(error instanceof NestedTooDeep)) throw error;
    return { kind: 'limit', problem: `what it returned has more than ${limits.valueDepth} levels; make it flatter` };
  }
  return { kind: 'done', outputs: JSON.stringify(found) };
}

function keysOf(outputs: readonly DeclaredOutput[]): string {
  return outputs.length === 0 ? 'its outputs' : outputs.map(({ key }) => key).join(', ');
}

function wrong(problem: string): CodeOutcome {
  return { kind: 'wrong', problem };
}
