import { Parser } from 'expr-eval-fork';
import { z } from 'zod';
import { defineTool } from './tool.ts';

/** UTF-16 units. Longer ones are no sums any more, and each bracket costs stack. */
const longest = 1_000;

/** Numbers and nothing else: no variables that are set, no functions that are made, no text, no lists, no chance. */
const forbidden = { assignment: false, fndef: false, in: false, concatenate: false, array: false, length: false };
const parser = new Parser({ allowMemberAccess: false, operators: forbidden });
const { fac, min, max, hypot, pow, atan2, gamma, roundTo, sum } = parser.functions as Record<string, never>;
parser.functions = { fac, min, max, hypot, pow, atan2, gamma, roundTo, sum };

export const calculator = defineTool({
  name: 'calculator',
  title: 'Calculator',
  description:
    'Calculates an expression exactly as written, for example (3 + 4) * sqrt(2) ^ 3 or sin(PI / 6). Knows + - * / % ^, ' +
    'comparisons, sqrt, cbrt, exp, ln, log10, sin, cos, tan and their inverses, abs, round, floor, ceil, min, max, fac.',
  schema: z.object({ expression: z.string().min(1).max(longest) }),
  readOnly: true,
  execute({ expression }) {
    const result: unknown = parser.evaluate(expression);
    if (typeof result === 'boolean' || (typeof result === 'number' && Number.isFinite(result))) return result;
    throw new Error(
      typeof result === 'number' ? `the result is ${result}, no number that can be written` : 'no number comes of it',
    );
  },
});
