/**
 * The contract, for whoever writes a client, a handler or a test of their own: what goes over the wire as zod schemas
 * and types, what events do to a view, and the errors. A cursor is opaque to all of them: keep it and send it back.
 */
export { ApiKey } from './api-key.ts';
export { Assistant, AssistantLimits, Model, ModelId, ModelParameters } from './assistant.ts';
export { AssistantFeedback, FeedbackCounts } from './assistant-feedback.ts';
export { AssistantSettings, AssistantVersion } from './assistant-settings.ts';
export { App, AppKind, Chat } from './chat.ts';
export { closeCodes, errorCodes, errorKinds, SwitchboardError, unreachable } from './errors.ts';
export type { ErrorCode, ErrorDetails } from './errors.ts';
export { ChatEvent, ChatView, NodeEvent } from './events.ts';
export type { ChatEventOf } from './events.ts';
export { Feedback } from './feedback.ts';
export { fileKind } from './file-types.ts';
export { fold, leavesHole } from './fold.ts';
export { ApiKeyId, AppId, ChatId, FileId, InputId, MessageId, RunId, ShareId, UserId } from './ids.ts';
export {
  ArchiveChat,
  AssistantVersions,
  ChatHistory,
  CreateApiKey,
  CreateAssistant,
  CreateChat,
  CreateWorkflow,
  EditMessage,
  ForkChat,
  ExportChat,
  EditQueued,
  GetAssistant,
  GetWorkflow,
  GiveFeedback,
  ListAssistants,
  ListChats,
  ListWorkflows,
  MoveQueued,
  OfChat,
  OfShare,
  OfMessage,
  OfWorkflow,
  OnBusy,
  ReadFeedback,
  RefreshToken,
  RegenerateAnswer,
  RenameChat,
  Respond,
  RevokeApiKey,
  RunLog,
  SendMessage,
  ShareHistory,
  StopRun,
  StreamChat,
  UpdateAssistant,
  UpdateWorkflow,
  UsageRange,
  ValidateWorkflow,
  StreamShare,
  TestNode,
  WatchChats,
  WithdrawQueued,
  WorkflowVersions,
} from './inputs.ts';
export { limits } from './limits.ts';
export type { Limits } from './limits.ts';
export { FoundMessage, ListedChat, Mark } from './listed-chat.ts';
export { FilePart, filesOf, Message, Part, RunError, textOf, Usage } from './message.ts';
export { newId } from './new-id.ts';
export { protocolVersion } from './protocol.ts';
export { Ending, InputRequest, Question, Run, RunKind, RunStatus } from './run.ts';
export { AssistantTool, ToolInfo } from './tool.ts';
export { AccountUsage, ChatUsage, DailyBudget, UsageTotal } from './usage.ts';
export { WatchedChat, WatchEvent } from './watch.ts';
export { WorkflowDefinition, WorkflowDetails, WorkflowProblem, WorkflowSummary } from './workflow.ts';
export type { Edge } from './workflow.ts';
export { WorkflowNode } from './workflow-node.ts';
export type { WorkflowNodeOf, WorkflowNodeType } from './workflow-node.ts';
export type { WorkflowOutline } from './workflow-outline.ts';
export { NodeLogEntry } from './workflow-trial.ts';
export { WorkflowSettings, WorkflowVersion } from './workflow-settings.ts';
