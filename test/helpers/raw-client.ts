import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { ClientOptions } from 'ws';
import type { ChatEvent, ChatView } from '../../shared/events.ts';
import { fold, leavesHole } from '../../shared/fold.ts';

/** A client that knows nothing but the wire as it is documented: frames of JSON over a WebSocket. */

export interface WireError {
  readonly message: string;
  readonly data: { readonly code: string; readonly [field: string]: unknown };
}

interface Frame {
  readonly id: number | null;
  readonly error?: WireError;
  readonly result?: { readonly type: string; readonly id?: string; readonly data?: unknown };
}

interface Received {
  readonly cursor: string;
  readonly event: ChatEvent;
}

/** What one subscription has received, and the view folded from it. */
export class RawStream {
  readonly received: Received[] = [];
  view: ChatView | null;
  error: WireError | null = null;
  isStopped = false;
  holes = 0;
  readonly #changed = new Set<() => void>();

  constructor(view: ChatView | null) {
    this.view = view;
  }

  get events(): ChatEvent[] {
    return this.received.map(({ event }) => event);
  }

  get types(): string[] {
    return this.events.map(({ type }) => type);
  }

  get cursor(): string | undefined {
    return this.received.at(-1)?.cursor;
  }

  take(frame: Frame): void {
    if (frame.error) this.error = frame.error;
    if (frame.result?.type === 'stopped') this.isStopped = true;
    if (frame.result?.type === 'data') {
      const { id, data } = frame.result.data as { id: string; data: ChatEvent };
      if (id !== frame.result.id) throw new Error(`the cursor inside a frame, ${id}, is not the one outside`);
      this.received.push({ cursor: id, event: data });
      this.holes += leavesHole(this.view, data) ? 1 : 0;
      this.view = fold(this.view, data);
    }
    for (const changed of this.#changed) changed();
  }

  /** Resolves when the condition holds; rejects after the deadline, with what did come. */
  until(condition: (stream: this) => boolean, deadlineMs = 10_000): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#changed.delete(check);
        reject(new Error(`waited ${deadlineMs} ms in vain; got ${this.types.join(' ') || 'nothing'}`));
      }, deadlineMs);
      const check = () => {
        if (!condition(this)) return;
        clearTimeout(timer);
        this.#changed.delete(check);
        resolve();
      };
      this.#changed.add(check);
      check();
    });
  }

  /** Until that many runs have ended since the stream began. */
  untilEnded(runs = 1): Promise<void> {
    return this.until(({ types }) => types.filter((type) => type === 'run.ended').length >= runs, 20_000);
  }
}

export class RawClient implements AsyncDisposable {
  readonly socket: WebSocket;
  readonly #answers = new Map<number, (frame: Frame) => void>();
  readonly #streams = new Map<number, RawStream>();
  /** Frames that belong to no call: answers to what could not be read. */
  readonly strays: Frame[] = [];
  closeCode: number | null = null;
  #lastId = 0;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data: Buffer) => this.#take(data.toString()));
    socket.on('close', (code) => {
      this.closeCode = code;
    });
    socket.on('error', () => undefined);
  }

  /** @param params sent as `connectionParams` */
  static async connect(url: string, params?: Record<string, string>, options: ClientOptions = {}): Promise<RawClient> {
    const flag = params ? '?connectionParams=1' : '';
    const client = new RawClient(new WebSocket(`${url.replace('http', 'ws')}/trpc${flag}`, options));
    await once(client.socket, 'open');
    if (params) client.socket.send(JSON.stringify({ method: 'connectionParams', data: params }));
    return client;
  }

  /** Resolves with the data; rejects with the wire's error. */
  async call<Data>(method: 'query' | 'mutation', path: string, input?: unknown): Promise<Data> {
    const frame = await this.request({ method, params: { path, input } });
    if (frame.error) throw Object.assign(new Error(frame.error.message), frame.error);
    return frame.result?.data as Data;
  }

  query<Data>(path: string, input?: unknown): Promise<Data> {
    return this.call('query', path, input);
  }

  mutate<Data>(path: string, input?: unknown): Promise<Data> {
    return this.call('mutation', path, input);
  }

  request(body: object): Promise<Frame> {
    const id = (this.#lastId += 1);
    const answer = new Promise<Frame>((resolve) => this.#answers.set(id, resolve));
    this.socket.send(JSON.stringify({ id, ...body }));
    return answer;
  }

  /** @param view what an earlier stream had folded, when this one goes on from its cursor */
  stream(
    input: { chatId?: string; shareId?: string; lastEventId?: string | null | undefined },
    view: ChatView | null = null,
  ): RawStream {
    return this.#subscribe(input.shareId ? 'share.stream' : 'chat.stream', input, new RawStream(view));
  }

  /** The user's list of chats; nothing of it is folded. */
  watch(): RawStream {
    return this.#subscribe('chat.watch', {}, new RawStream(null));
  }

  #subscribe(path: string, input: object, stream: RawStream): RawStream {
    const id = (this.#lastId += 1);
    this.#streams.set(id, stream);
    this.socket.send(JSON.stringify({ id, method: 'subscription', params: { path, input } }));
    return stream;
  }

  /** Resolves when the other end has closed it. */
  async closed(): Promise<void> {
    if (this.closeCode === null) await once(this.socket, 'close');
  }

  /** As a broken network does it: without a word. */
  cut(): void {
    this.socket.terminate();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.socket.readyState === WebSocket.CLOSED) return;
    const closed = once(this.socket, 'close');
    this.socket.close();
    await closed;
  }

  #take(text: string): void {
    if (text === 'PONG') return;
    const frame = JSON.parse(text) as Frame;
    const stream = frame.id === null ? undefined : this.#streams.get(frame.id);
    const answer = frame.id === null ? undefined : this.#answers.get(frame.id);
    if (stream) stream.take(frame);
    else if (answer) answer(frame);
    else this.strays.push(frame);
  }
}
