import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { echo } from './model-provider-echo.ts';
import { anthropicFrames, openaiFrames } from './model-provider-frames.ts';
import type { Frames } from './model-provider-frames.ts';

/** What a scripted answer is made of, in order. A finish reason, usage and the end follow by themselves. */
export type ProviderChunk =
  /** Text of the answer. */
  | string
  | { readonly reasoning: string; readonly field?: 'reasoning_content' | 'reasoning' }
  /** A tool that is to be called; the answer then ends with the reason for that. `args` is sent cut into `pieces`. */
  | { readonly call: string; readonly args?: unknown; readonly pieces?: readonly string[] }
  /** Instead of `stop` or `end_turn`. */
  | { readonly finish: string }
  /** Null: the provider reports none. */
  | { readonly usage: { readonly input: number; readonly output: number } | null }
  /** Sent as it is, in one write. */
  | { readonly bytes: string | Uint8Array }
  /**
   * How the answer ends without its finish: `reset` cuts the socket, `close` ends the body cleanly, `hang` says nothing
   * more until the client leaves.
   */
  | { readonly end: 'reset' | 'close' | 'hang' };

interface ProviderFailure {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export type ProviderAnswer = Iterable<ProviderChunk> | AsyncIterable<ProviderChunk> | ProviderFailure;

/** One request as it came in, and what became of it. */
export interface ProviderRequest {
  /** 0 for the first. */
  readonly index: number;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: ProviderBody;
  /** The text of the newest message of the user. */
  readonly text: string;
  /** Aborts when the client leaves before the end. */
  readonly signal: AbortSignal;
}

export interface ProviderBody {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: unknown }[];
  readonly system?: unknown;
  readonly temperature?: number;
  readonly tools?: readonly unknown[];
  readonly stream_options?: { readonly include_usage?: boolean };
}

export interface ModelProvider extends AsyncDisposable {
  /** For `OPENAI_BASE_URL`: ends in `/v1`. */
  readonly url: string;
  /** For `ANTHROPIC_BASE_URL`. */
  readonly anthropicUrl: string;
  readonly requests: readonly ProviderRequest[];
  /** Answers under way. */
  open(): number;
  /** Requests that the client left before their end. */
  aborted(): number;
  close(): Promise<void>;
}

export interface ModelProviderOptions {
  /** What each request is answered with; an echo of twenty words where nothing is said. A promise puts off the headers. */
  readonly answer?: (request: ProviderRequest) => ProviderAnswer | Promise<ProviderAnswer>;
}

/**
 * A provider over real HTTP on a free port of the loopback: OpenAI chat completions at `/v1/chat/completions`, Anthropic
 * messages at `/v1/messages`, both streaming. Closing it cuts what is under way.
 */
export async function startModelProvider(options: ModelProviderOptions = {}): Promise<ModelProvider> {
  const answer = options.answer ?? echo();
  const requests: ProviderRequest[] = [];
  const counts = { open: 0, aborted: 0 };
  const server = createServer((incoming, response) => {
    void serve(incoming, response).catch((error: unknown) => response.destroy(error as Error));
  });

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const frames = framesFor(incoming.url ?? '');
    if (!frames)
      return sendJson(response, { status: 404, body: { error: { message: `no such path: ${incoming.url}` } } });
    const gone = new AbortController();
    const body = JSON.parse(await textOf(incoming)) as ProviderBody;
    const request = requestOf(requests.length, incoming, body, gone.signal);
    requests.push(request);
    counts.open += 1;
    response.on('close', () => {
      counts.open -= 1;
      if (response.writableFinished) return;
      if (!response.errored) counts.aborted += 1;
      gone.abort();
    });
    const reply = await answer(request);
    if ('status' in reply) return sendJson(response, reply);
    await stream(response, frames(body), reply, gone.signal);
  }

  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return {
    url: `${origin}/v1`,
    anthropicUrl: origin,
    requests,
    open: () => counts.open,
    aborted: () => counts.aborted,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function framesFor(path: string): ((body: ProviderBody) => Frames) | null {
  if (path.endsWith('/v1/chat/completions')) return openaiFrames;
  return path.endsWith('/v1/messages') ? anthropicFrames : null;
}

function requestOf(index: number, incoming: IncomingMessage, body: ProviderBody, signal: AbortSignal): ProviderRequest {
  const newest = body.messages.findLast((message) => message.role === 'user')?.content;
  const text = typeof newest === 'string' ? newest : JSON.stringify(newest ?? '');
  return { index, path: incoming.url ?? '', headers: incoming.headers, body, text, signal };
}

async function stream(
  response: ServerResponse,
  frames: Frames,
  chunks: Iterable<ProviderChunk> | AsyncIterable<ProviderChunk>,
  signal: AbortSignal,
): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  response.write(frames.start());
  for await (const chunk of chunks) {
    if (signal.aborted) return;
    if (typeof chunk === 'object' && 'end' in chunk) return endEarly(response, chunk.end);
    const bytes = typeof chunk === 'object' && 'bytes' in chunk ? chunk.bytes : frames.chunk(chunk);
    if (bytes.length > 0) response.write(bytes);
  }
  response.end(frames.end());
}

async function endEarly(response: ServerResponse, how: 'reset' | 'close' | 'hang'): Promise<void> {
  if (how === 'close') response.end();
  if (how !== 'reset') return;
  // A comment, to know that everything before it has left; the reset would take it along.
  await new Promise((resolve) => {
    response.write(': end\n\n', resolve);
  });
  response.destroy(new Error('reset by the script'));
}

function sendJson(response: ServerResponse, failure: ProviderFailure): void {
  response.writeHead(failure.status, { 'content-type': 'application/json', ...failure.headers });
  response.end(typeof failure.body === 'string' ? failure.body : JSON.stringify(failure.body));
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
