import type { ApiKey } from '../shared/api-key.ts';
import type { Assistant } from '../shared/assistant.ts';
import type { Chat } from '../shared/chat.ts';
import type { Message } from '../shared/message.ts';
import type { InputRequest, Run } from '../shared/run.ts';
import type { WorkflowSummary } from '../shared/workflow.ts';
import type {
  apiKeys,
  assistants,
  chatEvents,
  chats,
  inputRequests,
  messages,
  runs,
  runSlices,
  toolCalls,
  workflows,
} from './schema.ts';

export type ChatRow = typeof chats.$inferSelect;
export type MessageRow = typeof messages.$inferSelect;
export type RunRow = typeof runs.$inferSelect;
export type InputRow = typeof inputRequests.$inferSelect;
export type SliceRow = typeof runSlices.$inferSelect;
export type ChatEventRow = typeof chatEvents.$inferSelect;
export type ChatEventInsert = typeof chatEvents.$inferInsert;
export type AssistantRow = typeof assistants.$inferSelect;
export type ToolCallRow = typeof toolCalls.$inferSelect;
export type WorkflowRow = typeof workflows.$inferSelect;

/** Rows as the rest of the program knows them: what the database leaves empty is absent where it is optional. */

export function toChat(row: ChatRow): Chat {
  return {
    id: row.id,
    title: row.title,
    app: { kind: row.appKind, id: row.appId },
    activeRunId: row.activeRunId,
    leafMessageId: row.leafMessageId,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    archivedAt: row.archivedAt,
  };
}

/** Usage and model of an answer in the making are told with its completion. */
export function toMessage(row: MessageRow): Message {
  const isWhole = row.status !== 'streaming';
  return {
    id: row.id,
    chatId: row.chatId,
    runId: row.runId,
    parentId: row.parentId,
    role: row.role,
    status: row.status,
    parts: row.parts,
    ...(isWhole && row.usage && { usage: row.usage }),
    ...(row.error && { error: row.error }),
    ...(isWhole && row.model !== null && { model: row.model }),
    createdAt: row.createdAt,
  };
}

export function toRun(row: RunRow): Run {
  return {
    id: row.id,
    chatId: row.chatId,
    app: { kind: row.appKind, id: row.appId },
    status: row.status,
    userMessageId: row.userMessageId,
    messageId: row.messageId,
    text: row.text,
    ...(row.error && { error: row.error }),
    createdAt: row.createdAt,
    ...(row.startedAt !== null && { startedAt: row.startedAt }),
    ...(row.endedAt !== null && { endedAt: row.endedAt }),
  };
}

export function toInputRequest(row: InputRow): InputRequest {
  const { id, runId, kind, prompt, schema, expiresAt } = row;
  return { id, runId, kind, prompt, schema, ...(expiresAt !== null && { expiresAt }) };
}

export function toAssistant({ guideWord, ...row }: AssistantRow): Assistant {
  return { ...row, ...(guideWord !== null && { guideWord }) };
}

export function toWorkflowSummary({ id, name, description, published, version }: WorkflowRow): WorkflowSummary {
  return { id, name, description, published, version };
}

export function toApiKey(row: typeof apiKeys.$inferSelect): ApiKey {
  const { id, name, prefix, createdAt, lastUsedAt, revokedAt } = row;
  return { id, name, prefix, createdAt, lastUsedAt, revokedAt };
}
