import { typedError } from '../../../client/call-error.ts';
import type { Calls, SendOutput, StreamedEvent, StreamInput, StreamObserver } from '../../../client/calls.ts';
import type { ErrorCode, ErrorDetails } from '../../../shared/errors.ts';
import type { ChatEvent, ChatView } from '../../../shared/events.ts';
import type { AppId, ChatId, MessageId, RunId } from '../../../shared/ids.ts';
import { newId } from '../../../shared/new-id.ts';
import type { Message } from '../../../shared/message.ts';
import type { Run } from '../../../shared/run.ts';

export const chatId = newId<ChatId>();
const createdAt = '2026-01-01T00:00:00.000Z';
const app = { kind: 'assistant', id: newId<AppId>() } as const;

/** One subscription as the script sees it. */
export interface Subscribed {
  readonly input: StreamInput;
  readonly observer: StreamObserver;
  isOpen: boolean;
}

/** A server whose answers are written by the test. */
export class ScriptedCalls implements Calls {
  readonly sent: Parameters<Calls['send']>[0][] = [];
  readonly created: Parameters<Calls['create']>[0][] = [];
  /** What each creation does in turn; the last one is repeated. */
  creates: ((chatId: string) => ReturnType<Calls['create']>)[] = [];
  readonly stopped: Parameters<Calls['stop']>[0][] = [];
  readonly responded: Parameters<Calls['respond']>[0][] = [];
  /** What each answer to a question does in turn; the last one is repeated. */
  responds: ((inputId: string) => ReturnType<Calls['respond']>)[] = [];
  readonly subscriptions: Subscribed[] = [];
  /** What each send does in turn; the last one is repeated. */
  sends: ((messageId: string) => Promise<SendOutput>)[] = [(messageId) => Promise.resolve(sendOutput(messageId))];
  /** Called with each new subscription. */
  onSubscribe: (subscribed: Subscribed) => void = () => {};

  send(input: Parameters<Calls['send']>[0]): Promise<SendOutput> {
    const answer = this.sends[Math.min(this.sent.length, this.sends.length - 1)];
    this.sent.push(input);
    return answer ? answer(input.messageId) : Promise.reject(new Error('no answer was scripted'));
  }

  create(input: Parameters<Calls['create']>[0]): ReturnType<Calls['create']> {
    const answer = this.creates[Math.min(this.created.length, this.creates.length - 1)];
    this.created.push(input);
    return answer ? answer(input.chatId) : Promise.reject(new Error('no answer was scripted'));
  }

  stop(input: Parameters<Calls['stop']>[0]): ReturnType<Calls['stop']> {
    this.stopped.push(input);
    return Promise.resolve({ runId: null, status: null });
  }

  respond(input: Parameters<Calls['respond']>[0]): ReturnType<Calls['respond']> {
    const answer = this.responds[Math.min(this.responded.length, this.responds.length - 1)];
    this.responded.push(input);
    return answer ? answer(input.inputId) : Promise.reject(new Error('no answer was scripted'));
  }

  stream(input: StreamInput, observer: StreamObserver): () => void {
    const subscribed: Subscribed = { input, observer, isOpen: true };
    this.subscriptions.push(subscribed);
    queueMicrotask(() => this.onSubscribe(subscribed));
    return () => {
      subscribed.isOpen = false;
    };
  }

  get open(): number {
    return this.subscriptions.filter((subscribed) => subscribed.isOpen).length;
  }
}

export function sendOutput(messageId: string): SendOutput {
  return { messageId: messageId as MessageId, runId: newId<RunId>(), disposition: 'started', cursor: 'sent' };
}

export function refused(code: ErrorCode, details: ErrorDetails = {}): Promise<never> {
  return Promise.reject(typedError(code, `scripted ${code}`, details));
}

export function at(cursor: string, event: ChatEvent): StreamedEvent {
  return { ...event, cursor };
}

export function message(role: Message['role'], text: string, over: Partial<Message> = {}): Message {
  const status = role === 'user' ? 'completed' : 'streaming';
  const parts: Message['parts'] = text === '' ? [] : [{ type: 'text', text }];
  return { id: newId<MessageId>(), chatId, runId: null, parentId: null, role, status, parts, createdAt, ...over };
}

export function run(over: Partial<Run> = {}): Run {
  const userMessageId = newId<MessageId>();
  return {
    id: newId<RunId>(),
    chatId,
    app,
    status: 'running',
    userMessageId,
    messageId: null,
    text: 'x',
    createdAt,
    ...over,
  };
}

export function snapshot(over: Partial<ChatView> = {}): ChatEvent {
  const dates = { createdAt, updatedAt: createdAt, archivedAt: null };
  const chat = { id: chatId, title: null, app, activeRunId: null, leafMessageId: null, ...dates };
  return {
    type: 'snapshot',
    chat,
    messages: [],
    nextCursor: null,
    activeRun: null,
    pendingInput: null,
    queue: [],
    ...over,
  };
}

export function delta(answer: Message, offset: number, text: string): ChatEvent {
  const runId = answer.runId ?? newId<RunId>();
  return { type: 'message.delta', runId, messageId: answer.id, part: 0, kind: 'text', offset, text };
}
