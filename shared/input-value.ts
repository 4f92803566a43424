import { z } from 'zod';
import { limits } from './limits.ts';
import { cleanJson } from './text.ts';

/** Any JSON of at most so many UTF-16 units, and so many levels of lists and objects. */
export function jsonWithin(units: number, levels: number) {
  return z
    .unknown()
    .refine((value) => value !== undefined, { error: 'expected a JSON value, got none', abort: true })
    .refine((value) => isWithin(value, levels), {
      error: `expected at most ${levels} levels of lists and objects`,
      abort: true,
    })
    .superRefine((value, context) => {
      const { length } = JSON.stringify(value);
      if (length <= units) return;
      const message = `expected at most ${units} UTF-16 units as JSON, got ${length}`;
      context.addIssue({ code: 'too_big', origin: 'string', maximum: units, message, continue: false });
    })
    .overwrite((value) => cleanJson(value) as {} | null);
}

/** Any JSON that is neither too long nor too deep; whether it answers the question is for the question's schema to say. */
export const InputValue = jsonWithin(limits.inputValue, limits.inputDepth);

function isWithin(value: unknown, levelsLeft: number): boolean {
  if (value === null || typeof value !== 'object') return true;
  return levelsLeft > 0 && Object.values(value).every((item) => isWithin(item, levelsLeft - 1));
}
