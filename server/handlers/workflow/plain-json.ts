import { limits } from '../../../shared/limits.ts';
import { cleanText } from '../../../shared/text.ts';

/** A value is nested deeper than what goes on with it can bear. */
export class NestedTooDeep extends Error {
  override readonly name = 'NestedTooDeep';
}

/**
 * A JSON value of a stranger as one of ours: text is what every part of the system can carry, and no object has a key
 * that would reach its prototype.
 *
 * Errors: `NestedTooDeep` past `limits.valueDepth`.
 */
export function plainJson(value: unknown, depth = 1): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (value === null || typeof value !== 'object') return value;
  if (depth > limits.valueDepth) throw new NestedTooDeep(`it has more than ${limits.valueDepth} levels`);
  if (Array.isArray(value)) return value.map((item) => plainJson(item, depth + 1));
  const entries = Object.entries(value).filter(([key]) => key !== '__proto__');
  return Object.fromEntries(entries.map(([key, item]) => [cleanText(key), plainJson(item, depth + 1)]));
}
