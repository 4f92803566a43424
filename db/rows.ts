import type { ApiKey } from '../shared/api-key.ts';
import type { Assistant } from '../shared/assistant.ts';
import type { AssistantSettings, AssistantVersion } from '../shared/assistant-settings.ts';
import type { Chat } from '../shared/chat.ts';
import type { UserId } from '../shared/ids.ts';
import type { Message } from '../shared/message.ts';
import type { InputRequest, Run } from '../shared/run.ts';
import type { WorkflowDetails, WorkflowSummary } from '../shared/workflow.ts';
import { outlineOf } from '../shared/workflow-outline.ts';
import type {
  apiKeys,
  assistants,
  assistantVersions,
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
    ...(row.titleIsDraft && { titleIsDraft: true }),
    app: { kind: row.appKind, id: row.appId },
    activeRunId: row.activeRunId,
    leafMessageId: row.leafMessageId,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    archivedAt: row.archivedAt,
    ...(row.shareId !== null && { shareId: row.shareId }),
    ...(row.queuePausedAt !== null && { queuePaused: true }),
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
    ...(row.feedback && { feedback: row.feedback }),
    createdAt: row.createdAt,
  };
}

export function toRun(row: RunRow): Run {
  return {
    id: row.id,
    chatId: row.chatId,
    app: { kind: row.appKind, id: row.appId },
    ...(row.appVersion !== null && { appVersion: row.appVersion }),
    status: row.status,
    ...(row.kind !== 'send' && { kind: row.kind }),
    userMessageId: row.userMessageId,
    messageId: row.startedAt === null ? null : row.messageId,
    text: row.text,
    ...(row.steers !== null && { steers: row.steers }),
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

/** As this user may see it. */
export function toAssistant(row: AssistantRow, userId: UserId): Assistant {
  const { prompt, parameters, tools, limits, guideWord, ...shown } = toSettings(row);
  const owned = row.ownerId === userId;
  return {
    id: row.id,
    ...shown,
    ...(guideWord !== null && { guideWord }),
    published: row.published,
    version: row.version,
    owned,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    ...(owned && { prompt, parameters, tools, limits }),
  };
}

export function toSettings(row: AssistantRow): AssistantSettings {
  const { name, description, avatar, prompt, model, temperature, topP, maxOutputTokens } = row;
  const { tools, limits, guideWord, guideQuestions, followUps } = row;
  const parameters = { temperature, topP, maxOutputTokens };
  return { name, description, avatar, prompt, model, parameters, tools, limits, guideWord, guideQuestions, followUps };
}

/** The other way round. */
export function settingsColumns({ parameters, ...settings }: AssistantSettings) {
  return { ...settings, ...parameters };
}

export function toAssistantVersion(row: AssistantRow): AssistantVersion {
  return { assistantId: row.id, version: row.version, createdAt: row.updatedAt, ...toSettings(row) };
}

export function toEarlierVersion({ settings, ...version }: typeof assistantVersions.$inferSelect): AssistantVersion {
  return { ...version, ...settings };
}

export function toWorkflowSummary(row: Omit<WorkflowRow, 'definition'>, userId: UserId): WorkflowSummary {
  const { id, name, description, published, version, guideWord, guideQuestions, ownerId } = row;
  return {
    id,
    name,
    description,
    published,
    version,
    ...(guideWord !== null && { guideWord }),
    guideQuestions,
    owned: ownerId === userId,
  };
}

/** As this user may see it. */
export function toWorkflowDetails(row: WorkflowRow, userId: UserId): WorkflowDetails {
  const { ownerId, createdAt, updatedAt, definition } = row;
  return {
    ...toWorkflowSummary(row, userId),
    createdAt,
    updatedAt,
    outline: outlineOf(definition),
    ...((ownerId === userId || ownerId === null) && { definition }),
  };
}

export function toApiKey(row: typeof apiKeys.$inferSelect): ApiKey {
  const { id, name, prefix, createdAt, lastUsedAt, revokedAt } = row;
  return { id, name, prefix, createdAt, lastUsedAt, revokedAt };
}
