import type { TRPCClient } from '@trpc/client';
import type { TRPCBuiltRouter } from '@trpc/server';
import type { AppRouter } from '../server/routers/app-router.ts';
import type { ChatEvent } from '../shared/events.ts';
import type { App, Chat } from '../shared/chat.ts';
import type { OnBusy } from '../shared/inputs.ts';
import { fileIdsOf } from './attachment.ts';
import type { Attachment } from './attachment.ts';

type Router = AppRouter['_def'];
type RouterTypes = Omit<Router['_config']['$types'], 'transformer'> & { readonly transformer: true };

/**
 * Every procedure. What comes has the types of the contract: told that something transforms it, tRPC does not work out
 * what JSON would make of them, which would show every `unknown` field as one that may be absent.
 */
export type Api = TRPCClient<TRPCBuiltRouter<RouterTypes, Router['record']>>;

/** What `chat.send` answers. */
export type SendOutput = Awaited<ReturnType<Api['chat']['send']['mutate']>>;
/** What `chat.stop` answers. */
export type StopOutput = Awaited<ReturnType<Api['chat']['stop']['mutate']>>;

/** What `chat.respond` answers. */
export type RespondOutput = Awaited<ReturnType<Api['chat']['respond']['mutate']>>;

/** An event and the place just after it, from which a later stream can go on. */
export type StreamedEvent = ChatEvent & { readonly cursor: string };

export interface CreateInput {
  /** Made here when absent. Name the same one again to repeat a try whose outcome you do not know: it makes nothing twice. */
  readonly chatId?: string;
  /** What answers; the server's default assistant when absent. */
  readonly app?: App;
  readonly title?: string;
  /** What to call it by until its first answer gives it a title. */
  readonly draftTitle?: string;
}

export interface SendInput {
  readonly chatId: string;
  /** May be empty where there are attachments. */
  readonly text: string;
  /** What `upload` has resolved to, at most ten; absent: none. */
  readonly attachments?: readonly Attachment[];
  /** Made here when absent. Send the same one again to repeat a send whose outcome you do not know. */
  readonly messageId?: string;
  /** What happens to the message while an answer is being written; `queue` when absent. */
  readonly onBusy?: OnBusy;
}

export interface RegenerateInput {
  readonly chatId: string;
  /** The answer that gets a sibling, or the message that it answers. */
  readonly messageId: string;
  /** That of the new answer. Made here when absent. Name the same one again to repeat a try whose outcome you do not know. */
  readonly newMessageId?: string;
  /** What happens while an answer is being written; `queue` when absent. */
  readonly onBusy?: OnBusy;
}

export interface EditInput extends RegenerateInput {
  /** Stands in place of what the message `messageId` says; `newMessageId` is that of the message with this text. */
  readonly text: string;
  /** In place of those of the message; absent: the same ones. */
  readonly attachments?: readonly Attachment[];
}

export interface StopInput {
  readonly chatId: string;
  /** Absent: the active one. */
  readonly runId?: string;
}

export interface RespondInput {
  readonly chatId: string;
  /** `pendingInput.id` of the chat. */
  readonly inputId: string;
  /** Any JSON that keeps to the question's `schema`. */
  readonly value: unknown;
}

export interface StreamInput {
  readonly chatId: string;
  /** Where to go on; absent: from a snapshot. */
  readonly lastEventId?: string;
}

/** Told what one subscription brings. After `onEnd` nothing more comes. */
export interface StreamObserver {
  onEvent(event: StreamedEvent): void;
  /** Without an error when the server ended the stream or the connection is closed for good. */
  onEnd(error?: unknown): void;
}

/** What sends and streams need of a server, so that a script can stand in for it. */
export interface Calls {
  create(input: CreateInput & { readonly chatId: string }, signal: AbortSignal): Promise<Chat>;
  send(input: SendInput & { readonly messageId: string }, signal: AbortSignal): Promise<SendOutput>;
  regenerate(input: RegenerateInput & { readonly newMessageId: string }, signal: AbortSignal): Promise<SendOutput>;
  edit(input: EditInput & { readonly newMessageId: string }, signal: AbortSignal): Promise<SendOutput>;
  stop(input: StopInput, signal: AbortSignal): Promise<StopOutput>;
  respond(input: RespondInput, signal: AbortSignal): Promise<RespondOutput>;
  /** Returns what unsubscribes; that calls nobody back. */
  stream(input: StreamInput, observer: StreamObserver): () => void;
}

export function callsOf(api: Api): Calls {
  return {
    create: (input, signal) => api.chat.create.mutate(input, { signal }),
    send: ({ attachments, ...input }, signal) =>
      api.chat.send.mutate({ ...input, ...fileIdsOf(attachments) }, { signal }),
    regenerate: (input, signal) => api.chat.regenerate.mutate(input, { signal }),
    edit: ({ attachments, ...input }, signal) =>
      api.chat.edit.mutate({ ...input, ...fileIdsOf(attachments) }, { signal }),
    stop: (input, signal) => api.chat.stop.mutate(input, { signal }),
    respond: (input, signal) => api.chat.respond.mutate(input, { signal }),
    stream(input, observer) {
      const subscription = api.chat.stream.subscribe(input, callbacksOf(observer));
      return () => subscription.unsubscribe();
    },
  };
}

/** The same stream for a chat that somebody has shared: what is called `chatId` is the id under which it is. */
export function sharedCallsOf(api: Api): Pick<Calls, 'stream'> {
  return {
    stream({ chatId: shareId, ...from }, observer) {
      const subscription = api.share.stream.subscribe({ shareId, ...from }, callbacksOf(observer));
      return () => subscription.unsubscribe();
    },
  };
}

function callbacksOf(observer: StreamObserver) {
  return {
    onData: ({ id, data }: { readonly id: string; readonly data: ChatEvent }) =>
      observer.onEvent({ ...data, cursor: id }),
    onError: (error: unknown) => observer.onEnd(error),
    onComplete: () => observer.onEnd(),
  };
}
