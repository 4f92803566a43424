import type { ProviderBody, ProviderChunk } from './model-provider.ts';

/** The chunks that become a frame of the stream; the others say how it ends. */
type FramedChunk = Exclude<ProviderChunk, { bytes: unknown } | { end: unknown }>;

/** How one answer is written in a provider's own stream format. */
export interface Frames {
  start(): string;
  chunk(chunk: FramedChunk): string;
  /** Finish reason, usage and whatever ends the stream. */
  end(): string;
}

interface Ending {
  finish: string;
  usage: { readonly input: number; readonly output: number } | null;
}

/** The usage that is reported when the script names none: one token for each chunk of text. */
function noteEnding(ending: Ending, chunk: FramedChunk): void {
  if (typeof chunk === 'string' && ending.usage) {
    ending.usage = { input: ending.usage.input, output: ending.usage.output + 1 };
  } else if (typeof chunk === 'object' && 'finish' in chunk) ending.finish = chunk.finish;
  else if (typeof chunk === 'object' && 'usage' in chunk) ending.usage = chunk.usage;
}

/** The text of a call's arguments, as it is streamed. */
function piecesOf({
  args,
  pieces,
}: {
  readonly args?: unknown;
  readonly pieces?: readonly string[];
}): readonly string[] {
  return pieces ?? [JSON.stringify(args ?? {})];
}

export function openaiFrames(body: ProviderBody): Frames {
  const ending: Ending = { finish: 'stop', usage: { input: 7, output: 0 } };
  let calls = 0;
  const data = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;
  const head = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_700_000_000, model: body.model };
  const choice = (delta: object, finish: string | null = null): string =>
    data({ ...head, choices: [{ index: 0, delta, finish_reason: finish }] });
  return {
    start: () => choice({ role: 'assistant', content: '' }),
    chunk(chunk) {
      noteEnding(ending, chunk);
      if (typeof chunk === 'string') return choice({ content: chunk });
      if ('call' in chunk) return openaiCall(chunk, calls++, choice);
      return 'reasoning' in chunk ? choice({ [chunk.field ?? 'reasoning_content']: chunk.reasoning }) : '';
    },
    end() {
      const { usage } = ending;
      const counts = usage && { prompt_tokens: usage.input, completion_tokens: usage.output, total_tokens: 0 };
      const reported = counts && body.stream_options?.include_usage === true;
      return `${choice({}, calls > 0 && ending.finish === 'stop' ? 'tool_calls' : ending.finish)}${reported ? data({ ...head, choices: [], usage: counts }) : ''}data: [DONE]\n\n`;
    },
  };
}

type CallChunk = Extract<FramedChunk, { call: unknown }>;

function openaiCall(chunk: CallChunk, index: number, choice: (delta: object) => string): string {
  const call = { index, id: `call_${index}`, type: 'function', function: { name: chunk.call, arguments: '' } };
  const pieces = piecesOf(chunk).map((piece) => choice({ tool_calls: [{ index, function: { arguments: piece } }] }));
  return choice({ tool_calls: [call] }) + pieces.join('');
}

export function anthropicFrames(body: ProviderBody): Frames {
  const ending: Ending = { finish: 'end_turn', usage: { input: 7, output: 0 } };
  const event = (type: string, fields: object): string =>
    `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
  const block = { index: -1, kind: '' };
  const opened = (kind: 'text' | 'thinking'): string => {
    if (block.kind === kind) return '';
    const before = closed();
    block.index += 1;
    block.kind = kind;
    return `${before}${event('content_block_start', { index: block.index, content_block: { type: kind, [kind]: '' } })}`;
  };
  const closed = (): string => (block.kind === '' ? '' : event('content_block_stop', { index: block.index }));
  const delta = (fields: object): string => event('content_block_delta', { index: block.index, delta: fields });
  const called = (chunk: CallChunk): string => {
    const before = closed();
    block.index += 1;
    block.kind = 'tool_use';
    if (ending.finish === 'end_turn') ending.finish = 'tool_use';
    const content = { type: 'tool_use', id: `toolu_${block.index}`, name: chunk.call, input: {} };
    const pieces = piecesOf(chunk).map((piece) => delta({ type: 'input_json_delta', partial_json: piece }));
    return `${before}${event('content_block_start', { index: block.index, content_block: content })}${pieces.join('')}`;
  };
  return {
    start: () =>
      event('message_start', {
        message: {
          id: 'msg_1',
          type: 'message',
          role: 'assistant',
          model: body.model,
          content: [],
          // As the real one: it has counted a first token already, and counts it again in the total at the end.
          usage: { input_tokens: ending.usage?.input ?? 0, output_tokens: 1 },
        },
      }),
    chunk(chunk) {
      noteEnding(ending, chunk);
      if (typeof chunk === 'string') return opened('text') + delta({ type: 'text_delta', text: chunk });
      if ('call' in chunk) return called(chunk);
      if (!('reasoning' in chunk)) return '';
      return opened('thinking') + delta({ type: 'thinking_delta', thinking: chunk.reasoning });
    },
    end: () =>
      closed() +
      event('message_delta', {
        delta: { stop_reason: ending.finish, stop_sequence: null },
        usage: { output_tokens: ending.usage?.output ?? 0 },
      }) +
      event('message_stop', {}),
  };
}
