import { describe, expect, test } from 'vitest';
import { SwitchboardError } from '../../../../shared/errors.ts';
import { modelError } from '../../../../server/handlers/model-error.ts';

const thrown = (message: string, fields: object = {}): Error => Object.assign(new Error(message), fields);

describe('what a library throws', () => {
  test.each([
    ['a connection that is refused', thrown('fetch failed', { cause: { code: 'ECONNREFUSED' } }), 'MODEL_UNAVAILABLE'],
    ['a name that is not known', thrown('Connection error.', { cause: { code: 'ENOTFOUND' } }), 'MODEL_UNAVAILABLE'],
    ['a status of 529', thrown('529 overloaded', { status: 529 }), 'MODEL_UNAVAILABLE'],
    ['a status of 408', thrown('408', { status: 408 }), 'MODEL_UNAVAILABLE'],
    [
      'a body that broke off',
      new TypeError('terminated', { cause: { code: 'UND_ERR_SOCKET' } }),
      'MODEL_BROKEN_STREAM',
    ],
    ['JSON that is none', new SyntaxError('Unexpected token'), 'MODEL_BROKEN_STREAM'],
    ['a status as the code of an event', { message: 'slow', code: 429 }, 'MODEL_RATE_LIMITED'],
    ['a status as text', thrown('no', { code: '401' }), 'MODEL_AUTH'],
    ['a refusal', thrown('no', { name: 'ModelRefusalError', type: 'model-refusal' }), 'MODEL_REFUSED'],
    ['a client that gave up', thrown('Request timed out.', { name: 'TimeoutError' }), 'MODEL_TIMEOUT'],
    ['a context that overflows', thrown('x', { name: 'ContextOverflowError' }), 'CONTEXT_TOO_LONG'],
    ['something else', thrown('what?'), 'MODEL_UNAVAILABLE'],
    ['a string', 'what?', 'MODEL_UNAVAILABLE'],
    ['a body that is a string', thrown('x', { error: 'prompt is too long' }), 'CONTEXT_TOO_LONG'],
    ['nothing', undefined, 'MODEL_UNAVAILABLE'],
  ])('[AST-6] %s before the answer', (_, error, code) => {
    expect(modelError(error, 'openai:m', false).code).toBe(code);
  });

  test.each([
    ['a lost connection', thrown('read', { code: 'ECONNRESET' })],
    ['something else', thrown('what?')],
  ])('[AST-6] %s in the middle of an answer is MODEL_BROKEN_STREAM', (_, error) => {
    expect(modelError(error, 'openai:m', true).code).toBe('MODEL_BROKEN_STREAM');
  });

  test('[AST-6] an error with a code of ours stays as it is', () => {
    const ours = new SwitchboardError('TOOL_FAILED', 'the tool failed');
    expect(modelError(ours, 'openai:m', false)).toBe(ours);
  });

  test('[AST-6] a cause that is its own cause ends', () => {
    const error = thrown('round');
    error.cause = error;
    expect(modelError(error, 'openai:m', false).code).toBe('MODEL_UNAVAILABLE');
  });
});

describe('what a person reads', () => {
  test('[AST-7] names the model, what came and the fix', () => {
    const { message } = modelError(thrown('404 no such model', { status: 404 }), 'openai:gpt-9', false);
    expect(message).toMatch(/openai:gpt-9.*404.*no such model.*DEFAULT_MODEL/);
  });

  test.each(['sk-proj-0123456789', 'Bearer abcdef0123456789', 'key provided: 0123456789'])(
    '[AST-7] does not contain %s',
    (secret) => {
      const { message } = modelError(thrown(`400 bad ${secret} given`, { status: 400 }), 'openai:m', false);
      expect(message).not.toContain('0123456789');
      expect(message).toMatch(/400 bad .* given/);
    },
  );

  test('[AST-7] is on one line, and short whatever the provider sent', () => {
    const { message } = modelError(thrown(`400 ${'long\n'.repeat(1_000)}`, { status: 400 }), 'openai:m', false);
    expect(message).not.toContain('\n');
    expect(message.length).toBeLessThan(450);
  });

  test('[AST-7] keeps what was thrown for the log', () => {
    const error = thrown('what?');
    expect(modelError(error, 'openai:m', false).cause).toBe(error);
  });
});
