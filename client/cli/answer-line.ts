import { unreachable } from '../../shared/errors.ts';
import type { Asked } from './asked.ts';
import { choicesOf } from './asked.ts';
import { Refused } from './ending.ts';

type Schema = Readonly<Record<string, unknown>>;

/** What a line says to a question. Errors: `Refused`, where no server has to be asked to know that it does not fit. */
export function valueOfLine({ request: { kind, schema } }: Asked, line: string): unknown {
  switch (kind) {
    case 'text':
      return line;
    case 'choice':
      return chosen(schema, line.trim());
    case 'approval':
      return decision(line.trim());
    case 'form':
      return parsed(line, 'a JSON object with the fields of the form');
    default:
      return unreachable(kind);
  }
}

/** What a line says in one field of a form. Errors: `Refused`. */
export function valueOfField(schema: Schema, line: string): unknown {
  if (choicesOf(schema).length > 0) return chosen(schema, line.trim());
  switch (schema['type']) {
    case 'number':
    case 'integer':
      return numberIn(line.trim());
    case 'boolean':
      return yesOrNo(line.trim());
    case 'array':
      return line.trim().startsWith('[') ? parsed(line, 'JSON') : listIn(schema, line);
    case 'object':
      return parsed(line, 'JSON');
    default:
      return line;
  }
}

/** What is between commas: of what can be chosen, else texts, else JSON. */
function listIn({ items }: Schema, line: string): unknown {
  const of = (items ?? {}) as Schema;
  if (choicesOf(of).length === 0 && of['type'] !== 'string') return parsed(line, 'JSON');
  const pieces = line.split(',').map((piece) => piece.trim());
  return pieces
    .filter((piece) => piece !== '')
    .map((piece) => (choicesOf(of).length === 0 ? piece : chosen(of, piece)));
}

/** By its number, from 1, or its word; upper and lower case are the same. */
function chosen(schema: Schema, line: string): unknown {
  const choices = choicesOf(schema);
  if (choices.length === 0) return line;
  const same = (text: string): boolean => text.toLowerCase() === line.toLowerCase();
  const choice = choices.find(({ label, value }) => same(label) || same(String(value))) ?? choices[Number(line) - 1];
  if (choice) return choice.value;
  throw new Refused(`expected a number from 1 to ${choices.length} or the word, got ${JSON.stringify(line)}`);
}

function decision(line: string): unknown {
  if (/^y(es)?$/i.test(line)) return { decision: 'approve' };
  const no = /^no?(?:\s+(.*))?$/i.exec(line);
  if (no) return { decision: 'deny', ...(no[1] && { reason: no[1] }) };
  if (line.startsWith('{')) return { decision: 'approve', input: parsed(line, 'JSON with the arguments') };
  throw new Refused(
    `expected y, n with or without a reason, or JSON with other arguments, got ${JSON.stringify(line)}`,
  );
}

function yesOrNo(line: string): boolean {
  if (/^(y|yes|true)$/i.test(line)) return true;
  if (/^(n|no|false)$/i.test(line)) return false;
  throw new Refused(`expected y or n, got ${JSON.stringify(line)}`);
}

function numberIn(line: string): number {
  const number = Number(line);
  if (Number.isFinite(number)) return number;
  throw new Refused(`expected a number, got ${JSON.stringify(line)}`);
}

function parsed(line: string, expected: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new Refused(`expected ${expected}, got ${JSON.stringify(line)}`);
  }
}
