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
  test.for([
    [{ ...good, age: 3 }, null],
    [{ ...good, name: 'A' }, /^value\.name: String is too short/],
    [{ ...good, age: 1.5 }, /^value\.age: .*"number" is invalid. Expected "integer"/],
    [{ ...good, address: { street: 'x', tags: ['home', 'pub'] } }, /^value\.address\.tags\.1: .*\["home","work"\]/],
    [{ ...good, address: { tags: [] } }, /^value\.address: .*required property "street"/],
    [{ ...good, more: 1 }, /^value\.more: expected no such field/],
    ['text', /^value: .*"string" is invalid. Expected "object"/],
    [null, /^value: .*"null" is invalid/],
  ] as const)('[ASK-3] a form that is answered with %j', ([value, message]) => {
    const check = () => answerSchemas.expectAnswer(form, value);
    if (message === null) expect(check).not.toThrow();
    else
      expect(check).toThrow(
        expect.objectContaining({ code: 'INVALID_INPUT', message: expect.stringMatching(message) }),
      );
  });

  test('[ASK-12] a schema that refers to what is not there is none', () => {
    expect(() => answerSchemas.expectSchema({ $ref: 'https://example.com/other' })).toThrow('Unresolved $ref');
    expect(() => answerSchemas.expectSchema(form)).not.toThrow();
  });
});
