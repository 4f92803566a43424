import type { RespondReply } from '../../server/chat-manager.ts';
import type { Chat } from '../../shared/chat.ts';
import type { ChatView } from '../../shared/events.ts';
import { textOf } from '../../shared/message.ts';
import type { InputRequest, Run } from '../../shared/run.ts';
import type { RawClient, RawStream } from './raw-client.ts';

interface State {
  readonly chat: Chat;
  readonly activeRun: Run | null;
  readonly pendingInput: InputRequest | null;
  readonly queue: Run[];
}

/** A chat in which somebody writes, and what its stream tells. */
export class Asked {
  readonly client: RawClient;
  readonly chatId: string;
  readonly stream: RawStream;

  private constructor(client: RawClient, chatId: string) {
    this.client = client;
    this.chatId = chatId;
    this.stream = client.stream({ chatId });
  }

  /** @param chat what it is created with */
  static async start(client: RawClient, text: string, chat: object = {}): Promise<Asked> {
    const { id } = await client.mutate<Chat>('chat.create', chat);
    const asked = new Asked(client, id);
    await asked.stream.until(({ view }) => view !== null);
    await asked.send(text);
    return asked;
  }

  send(text: string, more: object = {}): Promise<{ disposition: string }> {
    return this.client.mutate('chat.send', { chatId: this.chatId, text, ...more });
  }

  /** Until that many questions have been asked; the newest. */
  async question(count = 1, stream = this.stream): Promise<InputRequest> {
    await stream.until(({ types }) => types.filter((type) => type === 'input.requested').length >= count);
    const { pendingInput } = stream.view ?? {};
    if (!pendingInput) throw new Error('expected a question to be pending');
    return pendingInput;
  }

  respond(inputId: string, value: unknown, client = this.client): Promise<RespondReply> {
    return client.mutate('chat.respond', { chatId: this.chatId, inputId, value });
  }

  stop(): Promise<{ status: string }> {
    return this.client.mutate('chat.stop', { chatId: this.chatId });
  }

  state(): Promise<State> {
    return this.client.query('chat.get', { chatId: this.chatId });
  }

  /** The same chat on another connection, from a cursor and the view that was there. */
  continued(client: RawClient, cursor: string | undefined, view: ChatView | null): RawStream {
    return client.stream({ chatId: this.chatId, lastEventId: cursor }, view);
  }

  /** What is stored, as a view. */
  async stored(client = this.client): Promise<ChatView | null> {
    const fresh = client.stream({ chatId: this.chatId });
    await fresh.until(({ view }) => view !== null);
    return fresh.view;
  }
}

/** The text of the last message. */
export const answerOf = (view: ChatView | null) => (view ? textOf(view.messages.at(-1) ?? { parts: [] }) : '');
