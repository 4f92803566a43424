import type { AppId, ChatId, MessageId, RunId } from '../../shared/ids.ts';
import { UserId } from '../../shared/ids.ts';
import { newId } from '../../shared/new-id.ts';
import type { Chat } from '../../shared/chat.ts';
import type { ChatView } from '../../shared/events.ts';
import type { Message } from '../../shared/message.ts';
import type { Run } from '../../shared/run.ts';

/** Objects as the wire has them, for tests that need some and don't care which. */

export const userId = UserId.parse('local');
export const time = '2026-01-02T03:04:05.678Z';

export function sampleChat(fields: Partial<Chat> = {}): Chat {
  return {
    id: newId<ChatId>(),
    title: null,
    app: { kind: 'assistant', id: newId<AppId>() },
    activeRunId: null,
    leafMessageId: null,
    createdAt: time,
    updatedAt: time,
    archivedAt: null,
    ...fields,
  };
}

export function sampleRun(chat: Chat, fields: Partial<Run> = {}): Run {
  return {
    id: newId<RunId>(),
    chatId: chat.id,
    app: chat.app,
    status: 'queued',
    userMessageId: newId<MessageId>(),
    messageId: null,
    text: 'hello',
    createdAt: time,
    ...fields,
  };
}

export function sampleMessage(chat: Chat, fields: Partial<Message> = {}): Message {
  return {
    id: newId<MessageId>(),
    chatId: chat.id,
    runId: null,
    parentId: null,
    role: 'assistant',
    status: 'streaming',
    parts: [],
    createdAt: time,
    ...fields,
  };
}

export function sampleView(fields: Partial<ChatView> = {}): ChatView {
  return {
    chat: sampleChat(),
    messages: [],
    nextCursor: null,
    activeRun: null,
    pendingInput: null,
    queue: [],
    ...fields,
  };
}
