import type { InputAnswer } from '../db/store.ts';
import { SwitchboardError } from '../shared/errors.ts';
import { limits } from '../shared/limits.ts';
import { Question } from '../shared/run.ts';
import { cleanJson } from '../shared/text.ts';

/** Knows JSON Schema. */
export interface AnswerSchemas {
  /** Throws when no answer could be held to it. */
  expectSchema(schema: Question['schema']): void;
  /** Errors: `INVALID_INPUT`, naming the field, what was expected and what came. */
  expectAnswer(schema: Question['schema'], value: unknown): void;
}

/** The question that a handler asks, clean and within the limits. Errors are the handler's. */
export function questionOf(input: unknown, answers: readonly InputAnswer[], schemas: AnswerSchemas): Question {
  const question = Question.parse(cleanJson(input));
  const { id, prompt, schema, subject } = question;
  if (answers.some(({ inputId }) => inputId === id))
    throw new Error(`question ${id}: expected a new id, got one again`);
  schemas.expectSchema(schema);
  expectWithin(limits.questionText, 'a question', { prompt, schema });
  expectWithin(limits.questionSubject, 'what a question is about', subject);
  return question;
}

function expectWithin(limit: number, what: string, value: unknown): void {
  const length = JSON.stringify(value)?.length ?? 0;
  if (length > limit) throw new SwitchboardError('ANSWER_TOO_LARGE', `${what} has more than ${limit} characters`);
}
