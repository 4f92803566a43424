import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { anthropicModel } from '../../server/handlers/anthropic-model.ts';
import { openaiModel } from '../../server/handlers/openai-model.ts';
import { providerDefaults } from '../../server/handlers/model-parameters.ts';

/** One provider's protocol, in pieces small enough to be put together wrongly. Each piece is whole events. */
export interface Dialect {
  readonly name: 'openai' | 'anthropic';
  /** The adapter under test, asking at `http://…` without a path. */
  readonly model: (origin: string) => BaseChatModel;
  readonly start: () => string;
  readonly text: (text: string) => string;
  /** An event with this in the place of the text: JSON, escapes and all. */
  readonly textJson: (json: string) => string;
  /** Says that the answer is whole, or why it is not; any JSON. */
  readonly finish: (reason?: unknown) => string;
  /** What comes after the finish. */
  readonly end: () => string;
  /** Says that so many tokens were used; any JSON. */
  readonly usage: (tokens: unknown) => string;
  /** In the middle of the stream: `{ type, message }`, or what some servers say instead. */
  readonly error: (error: object | string) => string;
  /** The start of a tool call, and pieces of its arguments. */
  readonly tool: (...args: readonly string[]) => string;
  readonly reasons: { readonly length: string; readonly tool: string };
}

const data = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;
const choice = (delta: object, reason: unknown = null): string =>
  data({ id: 'c1', model: 'm', choices: [{ index: 0, delta, finish_reason: reason }] });

export const openai: Dialect = {
  name: 'openai',
  model: (origin) => openaiModel('double', { openaiBaseUrl: `${origin}/v1` }, providerDefaults),
  start: () => choice({ role: 'assistant', content: '' }),
  text: (text) => choice({ content: text }),
  textJson: (json) => `data: {"choices":[{"index":0,"delta":{"content":${json}}}]}\n\n`,
  finish: (reason = 'stop') => choice({}, reason),
  end: () => 'data: [DONE]\n\n',
  usage: (tokens) => data({ choices: [], usage: { prompt_tokens: tokens, completion_tokens: tokens } }),
  error: (error) => data({ error }),
  tool: (...args) =>
    choice({ tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: 'rm', arguments: '' } }] }) +
    args.map((part) => choice({ tool_calls: [{ index: 0, function: { arguments: part } }] })).join(''),
  reasons: { length: 'length', tool: 'tool_calls' },
};

const event = (type: string, fields: object): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;

export const anthropic: Dialect = {
  name: 'anthropic',
  model: (origin) => {
    const before = process.env['ANTHROPIC_BASE_URL'];
    process.env['ANTHROPIC_BASE_URL'] = origin;
    const model = anthropicModel('double', { anthropicApiKey: 'key' }, providerDefaults);
    if (before === undefined) delete process.env['ANTHROPIC_BASE_URL'];
    else process.env['ANTHROPIC_BASE_URL'] = before;
    return model;
  },
  start: () =>
    event('message_start', { message: { id: 'm1', model: 'm', usage: { input_tokens: 7, output_tokens: 1 } } }) +
    event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
  text: (text) => event('content_block_delta', { index: 0, delta: { type: 'text_delta', text } }),
  textJson: (json) =>
    `event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":${json}}}\n\n`,
  finish: (reason = 'end_turn') =>
    event('message_delta', { delta: { stop_reason: reason, stop_sequence: null }, usage: { output_tokens: 3 } }),
  end: () => event('message_stop', {}),
  usage: (tokens) =>
    event('message_start', { message: { id: 'm1', model: 'm', usage: { input_tokens: tokens } } }) +
    event('message_delta', { delta: { stop_reason: null }, usage: { output_tokens: tokens } }),
  error: (error) => event('error', { error }),
  tool: (...args) =>
    event('content_block_start', { index: 1, content_block: { type: 'tool_use', id: 't1', name: 'rm', input: {} } }) +
    args
      .map((part) =>
        event('content_block_delta', { index: 1, delta: { type: 'input_json_delta', partial_json: part } }),
      )
      .join(''),
  reasons: { length: 'max_tokens', tool: 'tool_use' },
};
