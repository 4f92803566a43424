import { indexText, timeText } from './token.ts';

/**
 * The lines of an OpenAI chat completion stream, ready to be written to the socket: each is one server-sent event in one
 * HTTP chunk. Serialised once, because a double that serialises 25,000 chunks a second would be what is measured.
 */
export interface ChunkWriter {
  /** The opening chunk, with the role. */
  readonly role: string;
  /** The chunk of one token. Everything but its time was made beforehand. */
  token(index: number, micros: number): string;
  /** The finish reason, the usage if it was asked for, and the end marker. */
  end(tokens: number): string;
}

const head = {
  id: 'chatcmpl-Bc3xQm7RkT1vWz9LpY2aJfHn4SdGe',
  object: 'chat.completion.chunk',
  created: Math.floor(Date.now() / 1000),
  model: 'bench-2025-11-13',
  service_tier: 'default',
  system_fingerprint: 'fp_b1a2c3d4e5',
};

/** ASCII only: a character is a byte, as the chunk's length needs. */
const framed = (event: string): string => `${event.length.toString(16)}\r\n${event}\r\n`;

function event(choices: unknown[], usage: Record<string, unknown>): string {
  return `data: ${JSON.stringify({ ...head, choices, ...usage })}\n\n`;
}

const choice = (delta: object, finishReason: string | null): unknown => ({
  index: 0,
  delta,
  logprobs: null,
  finish_reason: finishReason,
});

export function chunkWriter(includeUsage: boolean): ChunkWriter {
  const noUsage = includeUsage ? { usage: null } : {};
  const mark = indexText(0) + timeText(0);
  const [before = '', after = ''] = framed(event([choice({ content: mark }, null)], noUsage)).split(mark);
  const heads: string[] = [];
  return {
    role: framed(event([choice({ role: 'assistant', content: '', refusal: null }, null)], noUsage)),
    token: (index, micros) => (heads[index] ??= before + indexText(index)) + timeText(micros) + after,
    end: (tokens) => {
      const usage = { prompt_tokens: 12, completion_tokens: tokens, total_tokens: 12 + tokens };
      const last = includeUsage ? framed(event([], { usage })) : '';
      return framed(event([choice({}, 'stop')], noUsage)) + last + framed('data: [DONE]\n\n');
    },
  };
}
