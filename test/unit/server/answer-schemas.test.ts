import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { answerSchemas } from '../../../server/answer-schemas.ts';

const form = z.toJSONSchema(
  z.strictObject({
    name: z.string().min(2),
    age: z.int().min(0).optional(),
    address: z.object({ street: z.string(), tags: z.array(z.enum(['home', 'work'])) }),
  }),
);
const good = { name: 'Ann', address: { street: 'Here', tags: ['home'] } };

describe('answer schemas', () => {
  test('[ASK-3] an answer that keeps to the schema is taken', () => {
    expect(() => answerSchemas.expectAnswer(form, { ...good, age: 3 })).not.toThrow();
    expect(() => answerSchemas.expectAnswer({}, null)).not.toThrow();
  });

  test.each([
    [{ ...good, name: 'A' }, /^value\.name: String is too short/],
    [{ ...good, age: 1.5 }, /^value\.age: .*"number" is invalid. Expected "integer"/],
    [{ ...good, address: { street: 'x', tags: ['home', 'pub'] } }, /^value\.address\.tags\.1: .*\["home","work"\]/],
    [{ ...good, address: { tags: [] } }, /^value\.address: .*required property "street"/],
    [{ ...good, more: 1 }, /^value\.more: expected no such field/],
    ['text', /^value: .*"string" is invalid. Expected "object"/],
    [null, /^value: .*"null" is invalid/],
  ])('[ASK-3] %j is refused with the field, what was expected and what came', (value, message) => {
    const refusal = { code: 'INVALID_INPUT', message: expect.stringMatching(message) as string };
    expect(() => answerSchemas.expectAnswer(form, value)).toThrow(expect.objectContaining(refusal));
  });

  test('[ASK-12] a schema that refers to what is not there is none', () => {
    expect(() => answerSchemas.expectSchema({ $ref: 'https://example.com/other' })).toThrow('Unresolved $ref');
    expect(() => answerSchemas.expectSchema(form)).not.toThrow();
  });
});
