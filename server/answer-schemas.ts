import { Validator } from '@cfworker/json-schema';
import { SwitchboardError } from '../shared/errors.ts';
import type { AnswerSchemas } from './run-question.ts';

type Schema = Parameters<AnswerSchemas['expectAnswer']>[0];
type Issue = ReturnType<Validator['validate']>['errors'][number];

/** Further ones tell nobody more. */
const issuesTold = 5;

/** JSON Schema as of 2020-12. What a schema says is not run as a program; its `pattern`s are regular expressions of its author. */
export const answerSchemas: AnswerSchemas = {
  expectSchema(schema) {
    // A reference that leads nowhere is met in use.
    validate(schema, null);
  },
  expectAnswer(schema, value) {
    const { valid, errors } = validate(schema, value);
    if (!valid)
      throw new SwitchboardError('INVALID_INPUT', errors.filter(isCause).slice(0, issuesTold).map(told).join('; '));
  },
};

function validate(schema: Schema, value: unknown) {
  return new Validator(schema, '2020-12', false).validate(value);
}

/** Not that something inside a list or an object is wrong, but what. */
function isCause({ keyword }: Issue): boolean {
  return !['properties', 'items', 'prefixItems', 'additionalProperties', '$ref', 'allOf'].includes(keyword);
}

function told({ instanceLocation, keyword, error }: Issue): string {
  const field = ['value', ...instanceLocation.split('/').slice(1)].join('.');
  return `${field}: ${keyword === 'false' ? 'expected no such field' : error}`;
}
