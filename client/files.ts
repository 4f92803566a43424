import { TRPCClientError } from '@trpc/client';
import type { AppRouter } from '../server/routers/app-router.ts';
import { fileKind } from '../shared/file-types.ts';
import type { Attachment, UploadInput } from './attachment.ts';
import type { CallError } from './call-error.ts';
import { codeOf } from './call-error.ts';
import { postWithProgress } from './post-with-progress.ts';
import type { Posted } from './post-with-progress.ts';
import type { Tokens } from './tokens.ts';

export interface UploadOptions {
  readonly signal?: AbortSignal;
  /** Told how much has left, from 0 to 1; in browsers while it does, elsewhere at the end. */
  readonly onProgress?: (share: number) => void;
}

export interface DownloadOptions {
  readonly signal?: AbortSignal;
  /** The id under which the chat is shared whose file it is; absent: it is one's own. */
  readonly shareId?: string;
}

interface FilesOptions {
  /** `https://host/files`. */
  readonly url: string;
  readonly tokens: Tokens;
  /** Aborts when the client is closed, or its token not accepted. */
  readonly ended: AbortSignal;
}

const unknownType = 'application/octet-stream';

/** Files on their way to the server and back, each over a request of its own, made once. */
export class Files {
  readonly #options: FilesOptions;

  constructor(options: FilesOptions) {
    this.#options = options;
  }

  async upload(input: UploadInput, { signal, onProgress }: UploadOptions = {}): Promise<Attachment> {
    const { name, mediaType, body } = bodyOf(input);
    const url = `${this.#options.url}?name=${encodeURIComponent(name)}`;
    const until = this.#until(signal);
    const post = async (headers: Record<string, string>): Promise<Posted> => {
      const all = { ...headers, 'content-type': mediaType };
      if (onProgress) return postWithProgress({ url, headers: all, body, signal: until, onProgress });
      const response = await fetch(url, { method: 'POST', headers: all, body, signal: until });
      return { status: response.status, text: await response.text() };
    };
    const { status, text } = await this.#withToken(until, post, (posted) => posted.status);
    if (status !== 200) throw refusal(status, text);
    return JSON.parse(text) as Attachment;
  }

  async download(fileId: string, { signal, shareId }: DownloadOptions = {}): Promise<Blob> {
    const share = shareId === undefined ? '' : `?share=${encodeURIComponent(shareId)}`;
    const url = `${this.#options.url}/${encodeURIComponent(fileId)}${share}`;
    const until = this.#until(signal);
    const get = (headers: Record<string, string>) => fetch(url, { headers, signal: until });
    const response = await this.#withToken(until, get, ({ status }) => status);
    if (!response.ok) throw refusal(response.status, await response.text());
    return response.blob();
  }

  #until(signal: AbortSignal | undefined): AbortSignal {
    const { ended } = this.#options;
    return signal ? AbortSignal.any([signal, ended]) : ended;
  }

  /** Once more with another token, where the first one has ended meanwhile and there may be another. */
  async #withToken<Answer>(
    signal: AbortSignal,
    request: (headers: Record<string, string>) => Promise<Answer>,
    statusOf: (answer: Answer) => number,
  ): Promise<Answer> {
    const { tokens } = this.#options;
    const ask = async (token: string | undefined): Promise<Answer> =>
      request(token === undefined ? {} : { authorization: `Bearer ${token}` });
    try {
      const answer = await ask(tokens.current ?? (await tokens.next()));
      return statusOf(answer) === 401 && tokens.areRenewable ? await ask(await tokens.next()) : answer;
    } catch (error) {
      signal.throwIfAborted();
      throw new TRPCClientError<AppRouter>(`the server could not be reached: ${(error as Error).message}`, {
        cause: error as Error,
      });
    }
  }
}

function bodyOf(input: UploadInput) {
  if ('data' in input) {
    const { data, name, mediaType = data instanceof Blob ? data.type : unknownType } = input;
    return { name, mediaType: saidType(mediaType), body: typeof data === 'string' ? new Blob([data]) : data };
  }
  return { name: input.name, mediaType: saidType(input.type), body: input };
}

/** Browsers call source code what their system thinks it is; what the server would not take it is left to find out. */
function saidType(mediaType: string): string {
  const plain = mediaType.split(';')[0]?.trim().toLowerCase() ?? '';
  const isImage = plain.startsWith('image/');
  return isImage || fileKind(plain) !== null ? plain : unknownType;
}

/** What the server said, as an error of a call; without a code where something else answered. */
function refusal(status: number, text: string): CallError {
  const error = parsed(text);
  if (error) return error;
  return new TRPCClientError<AppRouter>(`expected an answer of a Switchboard server, got status ${status}`);
}

function parsed(text: string): CallError | null {
  try {
    const { error } = JSON.parse(text) as { error: { code: -32_600; message: string; data: never } };
    const found = new TRPCClientError<AppRouter>(error.message, { result: { error } });
    return codeOf(found) === null ? null : found;
  } catch {
    return null;
  }
}
