import { isDeepStrictEqual } from 'node:util';

/** Without two repetitions of the same beside each other, which take the square of a long row of digits. */
const numberWords = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/** A number, or the text of one; null for anything else. */
export function numberOf(value: unknown): number | null {
  if (typeof value === 'number') return value;
  const text = typeof value === 'string' ? value.trim() : '';
  return numberWords.test(text) ? Number(text) : null;
}

function booleanOf(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value;
  const text = typeof value === 'string' ? value.trim().toLowerCase() : '';
  return text === 'true' || text === 'false' ? text === 'true' : null;
}

/** A text, or what stands for a number, true or false in one; null for anything else. */
export function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

/** Where either side is a number or a boolean, the other one is read as such: what people and models write is text. */
export function isEqual(left: unknown, right: unknown): boolean {
  if (typeof left === 'number' || typeof right === 'number') return isSame(numberOf(left), numberOf(right));
  if (typeof left === 'boolean' || typeof right === 'boolean') return isSame(booleanOf(left), booleanOf(right));
  return isDeepStrictEqual(left, right);
}

/** What could not be read is equal to nothing. */
function isSame<Value>(left: Value | null, right: Value | null): boolean {
  return left !== null && left === right;
}

/** Below, at or above 0; null for what cannot be compared. Texts are compared by their code units. */
export function orderOf(left: unknown, right: unknown): number | null {
  if (typeof left === 'string' && typeof right === 'string') return left < right ? -1 : Number(left > right);
  if (typeof left !== 'number' && typeof right !== 'number') return null;
  const [one, other] = [numberOf(left), numberOf(right)];
  return one === null || other === null ? null : Math.sign(one - other);
}
