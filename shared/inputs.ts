import { z } from 'zod';
import { ApiKeyName } from './api-key.ts';
import { AssistantSettings, NewAssistantSettings } from './assistant-settings.ts';
import { App, Title } from './chat.ts';
import { Comment, Feedback } from './feedback.ts';
import { ApiKeyId, AppId, ChatId, FileId, InputId, MessageId, RunId, ShareId } from './ids.ts';
import { limits } from './limits.ts';
import { InputValue } from './input-value.ts';
import { cleanText } from './text.ts';
import { Day } from './usage.ts';
import { NewWorkflowSettings, WorkflowSettings } from './workflow-settings.ts';
import { NodeTest, RunParameters } from './workflow-trial.ts';

/** What each procedure takes: checked before anything else happens, so that nothing further in has to. */

const listLimit = (fallback: number, most: number = limits.pageEntries) => z.int().min(1).max(most).default(fallback);
/** Null is what `nextCursor` says at the end, and means the beginning. */
const cursor = z
  .string()
  .max(500)
  .nullish()
  .transform((value) => value ?? undefined);

/**
 * How a message that comes while a run is active is treated; `queue` where nothing is said. `steer`: it is for the answer
 * that is being written, which takes it at its next step.
 */
export const OnBusy = z.enum(['queue', 'reject', 'interrupt', 'steer']);
export type OnBusy = z.infer<typeof OnBusy>;

export const CreateChat = z
  .object({
    /** Made by the client, so that a repeat returns the same chat. */
    chatId: ChatId.optional(),
    /** Absent: the default assistant. */
    app: App.optional(),
    title: Title.optional(),
    /** What to call it by until its first answer gives it a title; nothing where there is a `title`. */
    draftTitle: Title.optional(),
    debug: z.boolean().optional(),
  })
  .prefault({});

export type CreateChat = z.infer<typeof CreateChat>;

export const OfChat = z.object({ chatId: ChatId });
export type OfChat = z.infer<typeof OfChat>;

export const ListChats = z
  .object({
    cursor,
    limit: listLimit(30),
    /** A stretch of the title, or words that messages have or that begin words of them. */
    search: z.string().max(limits.title).overwrite(cleanText).optional(),
    archived: z.boolean().optional(),
  })
  .prefault({});

export const ChatHistory = z.object({ chatId: ChatId, cursor, limit: listLimit(50) });

/** Blank only where there are files that say it all. */
const AnyText = z.string().max(limits.messageText).overwrite(cleanText);
const noText = 'expected some text, got none';
const MessageText = AnyText.refine((text) => text.trim() !== '', noText);

/** Ids that uploads were answered with, in the order in which they are shown and told to the model. */
const Attachments = z
  .array(FileId)
  .refine((files) => files.length <= limits.filesPerMessage, {
    error: `expected at most ${limits.filesPerMessage} files in one message`,
    params: { limit: limits.filesPerMessage },
  })
  .refine((files) => new Set(files).size === files.length, 'expected each file once');

interface Said {
  readonly text: string;
  readonly attachments?: readonly unknown[] | undefined;
}
const saysSomething = ({ text, attachments = [] }: Said): boolean => text.trim() !== '' || attachments.length > 0;

export const SendMessage = z
  .object({
    chatId: ChatId,
    /** Made by the client, so that a repeat is recognised. */
    messageId: MessageId.optional(),
    text: AnyText,
    attachments: Attachments.optional(),
    onBusy: OnBusy.default('queue'),
    /** For the variables of the workflow's start, in this run; by its owner only. */
    parameters: RunParameters.optional(),
  })
  .refine(saysSomething, { error: noText, path: ['text'] });
export type SendMessage = z.infer<typeof SendMessage>;

export const RegenerateAnswer = z.object({
  chatId: ChatId,
  /** The answer that gets a sibling, or the message that it answers. */
  messageId: MessageId,
  /** That of the new answer; made by the client, so that a repeat is recognised. */
  newMessageId: MessageId.optional(),
  onBusy: OnBusy.default('queue'),
});
export type RegenerateAnswer = z.infer<typeof RegenerateAnswer>;

export const EditMessage = z
  .object({
    chatId: ChatId,
    /** The person's message that gets a sibling. */
    messageId: MessageId,
    text: AnyText,
    /** In place of those of the message; absent: the same. */
    attachments: Attachments.optional(),
    /** That of the new message; made by the client, so that a repeat is recognised. */
    newMessageId: MessageId.optional(),
    onBusy: OnBusy.default('queue'),
  })
  .refine(saysSomething, { error: noText, path: ['text'] });
export type EditMessage = z.infer<typeof EditMessage>;

export const OfMessage = z.object({ chatId: ChatId, messageId: MessageId });
export type OfMessage = z.infer<typeof OfMessage>;

export const ForkChat = OfMessage.extend({
  /** Made by the client, so that a repeat returns the same chat. */
  newChatId: ChatId.optional(),
  /** Absent: that of the chat. */
  title: Title.optional(),
});
export type ForkChat = z.infer<typeof ForkChat>;

export const StreamChat = z.object({ chatId: ChatId, lastEventId: z.string().nullish() });
export type StreamChat = z.infer<typeof StreamChat>;

/** Each subscription begins with the list anew, whatever was told before. */
export const WatchChats = z.object({ lastEventId: z.string().nullish() }).prefault({});

export const StopRun = z.object({ chatId: ChatId, runId: RunId.nullish().transform((id) => id ?? undefined) });
export type StopRun = z.infer<typeof StopRun>;

export const EditQueued = z.object({ chatId: ChatId, runId: RunId, text: MessageText });
export type EditQueued = z.infer<typeof EditQueued>;

/** `before`: the waiting run that it is to start before; null: behind all others. */
export const MoveQueued = z.object({ chatId: ChatId, runId: RunId, before: RunId.nullable() });
export type MoveQueued = z.infer<typeof MoveQueued>;

export const WithdrawQueued = z.object({ chatId: ChatId, runId: RunId });
export type WithdrawQueued = z.infer<typeof WithdrawQueued>;

export const Respond = z.object({ chatId: ChatId, inputId: InputId, value: InputValue });
export type Respond = z.infer<typeof Respond>;

export const RenameChat = z.object({ chatId: ChatId, title: Title });
export type RenameChat = z.infer<typeof RenameChat>;

export const ArchiveChat = z.object({ chatId: ChatId, archived: z.boolean() });
export type ArchiveChat = z.infer<typeof ArchiveChat>;

export const GiveFeedback = z.object({
  chatId: ChatId,
  messageId: MessageId,
  /** Null takes it back; absent leaves it as it is. */
  rating: Feedback.shape.rating.optional(),
  /** Null or empty takes it back; absent leaves it as it is. */
  comment: Comment.nullable().optional(),
  /** True: it was copied once more. */
  copied: z.boolean().optional(),
});
export type GiveFeedback = z.infer<typeof GiveFeedback>;

export const ExportFormat = z.enum(['markdown', 'json']);
export type ExportFormat = z.infer<typeof ExportFormat>;

export const ExportChat = z.object({ chatId: ChatId, format: ExportFormat.default('markdown') });
export type ExportChat = z.infer<typeof ExportChat>;

export const OfShare = z.object({ shareId: ShareId });
export type OfShare = z.infer<typeof OfShare>;

export const ShareHistory = z.object({ shareId: ShareId, cursor, limit: listLimit(50) });
export type ShareHistory = z.infer<typeof ShareHistory>;

export const StreamShare = z.object({ shareId: ShareId, lastEventId: z.string().nullish() });
export type StreamShare = z.infer<typeof StreamShare>;

export const GetAssistant = z.object({ assistantId: AppId });

const OwnOrPublished = z.object({
  cursor,
  limit: listLimit(30),
  /** Only those of whoever asks; otherwise the published ones of everybody as well. */
  mine: z.boolean().optional(),
});

export const ListAssistants = OwnOrPublished.prefault({});
export type ListAssistants = z.infer<typeof ListAssistants>;

export const CreateAssistant = NewAssistantSettings;
export type CreateAssistant = z.infer<typeof CreateAssistant>;

/** What is said becomes different, each field as a whole: parameters that are left out of `parameters` become null. */
export const UpdateAssistant = AssistantSettings.partial().extend({
  assistantId: AppId,
  /** The version that the change was made of; refused when there is a newer one. Absent: the last change counts. */
  ifVersion: z.int().positive().optional(),
});
export type UpdateAssistant = z.infer<typeof UpdateAssistant>;

export const AssistantVersions = z.object({ assistantId: AppId, cursor, limit: listLimit(10, limits.pageVersions) });
export type AssistantVersions = z.infer<typeof AssistantVersions>;

/** The page is of the comments. */
export const ReadFeedback = z.object({ assistantId: AppId, cursor, limit: listLimit(20) });
export type ReadFeedback = z.infer<typeof ReadFeedback>;

export const ListWorkflows = OwnOrPublished.prefault({});
export type ListWorkflows = z.infer<typeof ListWorkflows>;

export const OfWorkflow = z.object({ workflowId: AppId });

export const GetWorkflow = OfWorkflow.extend({
  /** Absent: the newest. Another one is for its owner only. */
  version: z.int().positive().optional(),
});
export type GetWorkflow = z.infer<typeof GetWorkflow>;

export const CreateWorkflow = NewWorkflowSettings;
export type CreateWorkflow = z.infer<typeof CreateWorkflow>;

/** What is said becomes different, each field as a whole. */
export const UpdateWorkflow = WorkflowSettings.partial().extend({
  workflowId: AppId,
  /** The version that the change was made of; refused when there is a newer one. Absent: the last change counts. */
  ifVersion: z.int().positive().optional(),
});
export type UpdateWorkflow = z.infer<typeof UpdateWorkflow>;

export const WorkflowVersions = z.object({ workflowId: AppId, cursor, limit: listLimit(20) });
export type WorkflowVersions = z.infer<typeof WorkflowVersions>;

/** Either one that is stored, by its owner, or any definition. */
export const ValidateWorkflow = z.union([
  z.strictObject({ workflowId: AppId }),
  z.strictObject({ definition: WorkflowSettings.shape.definition }),
]);
export type ValidateWorkflow = z.infer<typeof ValidateWorkflow>;

/** Runs one node alone, with values for the variables that it asks for, in a debug chat of its own; by its owner only. */
export const TestNode = OfWorkflow.extend(NodeTest.shape);
export type TestNode = z.infer<typeof TestNode>;

export const RunLog = z.object({ runId: RunId, cursor, limit: listLimit(20) });
export type RunLog = z.infer<typeof RunLog>;

export const CreateApiKey = z.object({ name: ApiKeyName });

export const RevokeApiKey = z.object({ keyId: ApiKeyId });

/** Both days count. Absent: the thirty days until `to`, and today. */
export const UsageRange = z
  .object({
    from: Day.optional(),
    to: Day.optional(),
    /** So many days until `to`, in place of `from`. */
    days: z.int().min(1).max(limits.usageDays).optional(),
  })
  .refine(({ from, days }) => from === undefined || days === undefined, 'expected from or days, got both')
  .prefault({});
export type UsageRange = z.infer<typeof UsageRange>;

export const RefreshToken = z.object({ token: z.string().min(1).max(limits.token) });
export type RefreshToken = z.infer<typeof RefreshToken>;
