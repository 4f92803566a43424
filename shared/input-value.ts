import { z } from 'zod';
import { limits } from './limits.ts';
import { cleanJson } from './text.ts';

const levels = `expected at most ${limits.inputDepth} levels of lists and objects`;

/** Any JSON that is neither too long nor too deep; whether it answers the question is for the question's schema to say. */
export const InputValue = z
  .unknown()
  .refine((value) => value !== undefined, { error: 'expected a JSON value, got none', abort: true })
  .refine((value) => isWithin(value, limits.inputDepth), { error: levels, abort: true })
  .superRefine((value, context) => {
    const { length } = JSON.stringify(value);
    if (length <= limits.inputValue) return;
    const message = `expected at most ${limits.inputValue} UTF-16 units as JSON, got ${length}`;
    context.addIssue({ code: 'too_big', origin: 'string', maximum: limits.inputValue, message, continue: false });
  })
  .overwrite((value) => cleanJson(value) as {} | null);

function isWithin(value: unknown, levelsLeft: number): boolean {
  if (value === null || typeof value !== 'object') return true;
  return levelsLeft > 0 && Object.values(value).every((item) => isWithin(item, levelsLeft - 1));
}
