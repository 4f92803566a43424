import { sql } from 'drizzle-orm';
import {
  boolean,
  customType,
  doublePrecision,
  index,
  integer,
  json,
  jsonb,
  pgSchema,
  primaryKey,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { AssistantLimits } from '../shared/assistant.ts';
import type { AssistantSettings } from '../shared/assistant-settings.ts';
import type { AppKind } from '../shared/chat.ts';
import type { Feedback } from '../shared/feedback.ts';
import type {
  ApiKeyId,
  AppId,
  ChatId,
  FileId,
  InputId,
  MessageId,
  ModelCallId,
  RunId,
  ShareId,
  UserId,
} from '../shared/ids.ts';
import type { FilePart, Message, Part, RunError, TextKind, Usage } from '../shared/message.ts';
import type { NodeProgress } from '../shared/node-progress.ts';
import type { InputRequest, RunKind, RunStatus } from '../shared/run.ts';
import type { AssistantTool } from '../shared/tool.ts';
import type { NodeLogEntry, RunInstructions } from '../shared/workflow-trial.ts';
import type { LoggedEvent } from './chat-event-rows.ts';
import type { ModelCallPurpose, ModelCallStatus, ToolCallState } from './store.ts';

/**
 * All tables. Nothing here needs more than Postgres 15. They have a schema of their own, so that a database can be
 * shared with other programs.
 *
 * A chat's row is its lock: whoever changes anything of a chat holds it, from before the first read to the commit.
 */
export const switchboard = pgSchema('switchboard');

/** Milliseconds, as an ISO 8601 string in UTC outside of the database. */
const time = customType<{ data: string; driverData: string }>({
  dataType: () => 'timestamp (3) with time zone',
  fromDriver: (value) => new Date(value).toISOString(),
});

export const assistants = switchboard.table(
  'assistants',
  {
    id: uuid().$type<AppId>().primaryKey(),
    name: text().notNull(),
    description: text().notNull(),
    prompt: text().notNull(),
    model: text(),
    temperature: doublePrecision(),
    guideWord: text('guide_word'),
    guideQuestions: jsonb('guide_questions').$type<string[]>().notNull(),
    published: boolean().notNull(),
    /** Null: it came with the server, for everybody, and nobody changes it. */
    ownerId: text('owner_id').$type<UserId>(),
    avatar: text(),
    topP: doublePrecision('top_p'),
    maxOutputTokens: integer('max_output_tokens'),
    tools: jsonb().$type<AssistantTool[]>().notNull().default([]),
    limits: jsonb().$type<AssistantLimits>().notNull().default({ steps: null }),
    followUps: boolean('follow_ups').notNull().default(false),
    version: integer().notNull().default(1),
    createdAt: time('created_at')
      .notNull()
      .default(sql`now()`),
    /** When the version was made. */
    updatedAt: time('updated_at')
      .notNull()
      .default(sql`now()`),
    /** It stays for the chats and the runs that it answered. */
    deletedAt: time('deleted_at'),
  },
  (table) => [index('assistants_by_owner').on(table.ownerId, table.id)],
);

/** What assistants were before; the newest version is in `assistants`. */
export const assistantVersions = switchboard.table(
  'assistant_versions',
  {
    assistantId: uuid('assistant_id')
      .$type<AppId>()
      .notNull()
      .references(() => assistants.id, { onDelete: 'cascade' }),
    version: integer().notNull(),
    settings: jsonb().$type<AssistantSettings>().notNull(),
    createdAt: time('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.assistantId, table.version] })],
);

export const workflows = switchboard.table(
  'workflows',
  {
    id: uuid().$type<AppId>().primaryKey(),
    name: text().notNull(),
    description: text().notNull(),
    published: boolean().notNull(),
    version: integer().notNull(),
    definition: jsonb().$type<unknown>().notNull(),
    /** Null: it came with the server, for everybody, and nobody changes it. */
    ownerId: text('owner_id').$type<UserId>(),
    /** As its start says, for lists. */
    guideWord: text('guide_word'),
    guideQuestions: jsonb('guide_questions').$type<string[]>().notNull().default([]),
    createdAt: time('created_at')
      .notNull()
      .default(sql`now()`),
    /** When the version was made. */
    updatedAt: time('updated_at')
      .notNull()
      .default(sql`now()`),
    /** It stays for the chats and the runs that it answered. */
    deletedAt: time('deleted_at'),
  },
  (table) => [index('workflows_by_owner').on(table.ownerId, table.id)],
);

/** What workflows were before; the newest version is in `workflows`. */
export const workflowVersions = switchboard.table(
  'workflow_versions',
  {
    workflowId: uuid('workflow_id')
      .$type<AppId>()
      .notNull()
      .references(() => workflows.id, { onDelete: 'cascade' }),
    version: integer().notNull(),
    name: text().notNull(),
    description: text().notNull(),
    definition: jsonb().$type<unknown>().notNull(),
    createdAt: time('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.workflowId, table.version] })],
);

export const chats = switchboard.table(
  'chats',
  {
    id: uuid().$type<ChatId>().primaryKey(),
    ownerId: text('owner_id').$type<UserId>().notNull(),
    title: text(),
    /** Whether a better title may take its place. */
    titleIsDraft: boolean('title_is_draft').notNull().default(false),
    appKind: text('app_kind').$type<AppKind>().notNull(),
    appId: uuid('app_id').$type<AppId>().notNull(),
    activeRunId: uuid('active_run_id').$type<RunId>(),
    leafMessageId: uuid('leaf_message_id').$type<MessageId>(),
    /** The number of the newest entry of the chat log. */
    seq: integer().notNull().default(0),
    /** Tried out by whoever builds an app; not in the list of chats. */
    debug: boolean().notNull(),
    createdAt: time('created_at').notNull(),
    updatedAt: time('updated_at').notNull(),
    archivedAt: time('archived_at'),
    shareId: text('share_id').$type<ShareId>().unique('chats_by_share'),
    /** Up to which number of the log its owner has read it. */
    readSeq: integer('read_seq').notNull().default(0),
    /** Up to which number of the log its messages are found by their words. */
    indexedSeq: integer('indexed_seq').notNull().default(0),
    /** Set: nothing of the queue starts by itself. Never in a chat in which nothing waits. */
    queuePausedAt: time('queue_paused_at'),
  },
  (table) => [
    index('chats_by_activity').on(table.ownerId, table.updatedAt.desc(), table.id.desc()),
    index('chats_debug')
      .on(table.updatedAt)
      .where(sql`debug`),
  ],
);

/**
 * Clients choose the ids of their messages, and an id counts in its chat only: one that another chat has is free here,
 * so that nobody learns what exists elsewhere.
 */
export const messages = switchboard.table(
  'messages',
  {
    chatId: uuid('chat_id')
      .$type<ChatId>()
      .notNull()
      .references(() => chats.id, { onDelete: 'cascade' }),
    id: uuid().$type<MessageId>().notNull(),
    /** The number of the log entry that added it: the order of the messages in their chat. Copies of a fork count up to 0. */
    seq: integer().notNull(),
    runId: uuid('run_id').$type<RunId>(),
    /** What it follows on its branch. Messages with the same parent are siblings. */
    parentId: uuid('parent_id').$type<MessageId>(),
    role: text().$type<Message['role']>().notNull(),
    status: text().$type<Message['status']>().notNull(),
    /** Of a streaming message: those with which its run was last put to work; what came since is in `run_slices`. */
    parts: jsonb().$type<Part[]>().notNull(),
    usage: jsonb().$type<Usage>(),
    error: jsonb().$type<RunError>(),
    model: text(),
    feedback: jsonb().$type<Feedback>(),
    createdAt: time('created_at').notNull(),
  },
  (table) => [
    // The id first: a message is also looked up by its id alone.
    primaryKey({ columns: [table.id, table.chatId] }),
    unique('messages_by_order').on(table.chatId, table.seq),
    index('messages_by_parent').on(table.chatId, table.parentId),
  ],
);

export const runs = switchboard.table(
  'runs',
  {
    id: uuid().$type<RunId>().primaryKey(),
    chatId: uuid('chat_id')
      .$type<ChatId>()
      .notNull()
      .references(() => chats.id, { onDelete: 'cascade' }),
    ownerId: text('owner_id').$type<UserId>().notNull(),
    appKind: text('app_kind').$type<AppKind>().notNull(),
    appId: uuid('app_id').$type<AppId>().notNull(),
    status: text().$type<RunStatus>().notNull(),
    kind: text().$type<RunKind>().notNull().default('send'),
    userMessageId: uuid('user_message_id').$type<MessageId>().notNull(),
    /** Of an edit: what its message is going to follow. */
    parentMessageId: uuid('parent_message_id').$type<MessageId>(),
    /** The answer. That of a `regenerate` is known before its start. */
    messageId: uuid('message_id').$type<MessageId>(),
    text: text().notNull(),
    /** Of a workflow, by its owner. */
    instructions: jsonb().$type<RunInstructions>(),
    /** What was sent first, once the text was edited: a repeated send is compared with it. */
    sentText: text('sent_text'),
    attachments: jsonb().$type<FilePart[]>().notNull().default([]),
    /** The run whose answer the message is for, if it is for one that was being written. */
    steers: uuid().$type<RunId>(),
    error: jsonb().$type<RunError>(),
    /** Of the app, as it was when the run started. */
    appVersion: integer('app_version'),
    /** Counts the times it was put to work. */
    attempt: integer().notNull().default(0),
    /** The lowest of a chat's queued runs starts first. */
    position: integer().notNull(),
    /** The number of its `run.queued`, which a repeated send answers with. */
    sendSeq: integer('send_seq').notNull(),
    stopRequestedAt: time('stop_requested_at'),
    /** How far its nodes have come; empty where it has none. */
    nodes: jsonb().$type<NodeProgress[]>(),
    /** The number of its newest `input.requested`, or `answer.reset`; empty when it has neither. */
    suspendedSeq: integer('suspended_seq'),
    /** The number of the `input.answered`, or `answer.reset`, that is to put it to work again; empty once that has happened. */
    dueSeq: integer('due_seq'),
    /** Counts the times that its process has died since it came further than this. */
    crashes: integer().notNull().default(0),
    crashProgress: integer('crash_progress'),
    createdAt: time('created_at').notNull(),
    startedAt: time('started_at'),
    endedAt: time('ended_at'),
  },
  (table) => [
    // All runs of a chat, also for whoever deletes it: the next ones have a part of them each.
    index('runs_by_chat').on(table.chatId),
    uniqueIndex('runs_by_message')
      .on(table.chatId, table.userMessageId)
      .where(sql`kind <> 'regenerate'`),
    uniqueIndex('runs_by_new_answer')
      .on(table.chatId, table.messageId)
      .where(sql`kind = 'regenerate'`),
    uniqueIndex('runs_one_active')
      .on(table.chatId)
      .where(sql`status in ('running', 'waiting')`),
    index('runs_queued')
      .on(table.chatId, table.position)
      .where(sql`status = 'queued'`),
    index('runs_steering')
      .on(table.steers)
      .where(sql`steers is not null`),
  ],
);

/** Type and ids, and in `data` what cannot be read elsewhere. Content is in its own table. */
export const chatEvents = switchboard.table(
  'chat_events',
  {
    chatId: uuid('chat_id')
      .$type<ChatId>()
      .notNull()
      .references(() => chats.id, { onDelete: 'cascade' }),
    seq: integer().notNull(),
    type: text().$type<LoggedEvent['type']>().notNull(),
    runId: uuid('run_id').$type<RunId>(),
    messageId: uuid('message_id').$type<MessageId>(),
    inputId: uuid('input_id').$type<InputId>(),
    data: jsonb().$type<unknown>(),
  },
  (table) => [primaryKey({ columns: [table.chatId, table.seq] })],
);

/**
 * What runs ask people. Schema and subject are `json`, which keeps the order of fields; the answer is in an object of its
 * own, because what a driver has parsed to a string is parsed once more.
 */
export const inputRequests = switchboard.table(
  'input_requests',
  {
    id: uuid().$type<InputId>().primaryKey(),
    chatId: uuid('chat_id').$type<ChatId>().notNull(),
    runId: uuid('run_id')
      .$type<RunId>()
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    /** The number of its `input.requested`. */
    seq: integer().notNull(),
    kind: text().$type<InputRequest['kind']>().notNull(),
    prompt: text().notNull(),
    schema: json().$type<InputRequest['schema']>().notNull(),
    /** What it is about, for the handler that asked; not on the wire. */
    subject: json().$type<{ readonly value: unknown }>(),
    status: text().$type<'pending' | 'answered' | 'expired' | 'cancelled'>().notNull(),
    /** `files`: those that the value names, by field. */
    answer: json().$type<{ readonly value: unknown; readonly files?: Readonly<Record<string, FilePart[]>> }>(),
    answeredBy: text('answered_by'),
    createdAt: time('created_at').notNull(),
    expiresAt: time('expires_at'),
    settledAt: time('settled_at'),
  },
  (table) => [
    unique('inputs_by_run').on(table.runId, table.seq),
    index('inputs_by_expiry')
      .on(table.expiresAt)
      .where(sql`status = 'pending'`),
  ],
);

/** What is known of answers in the making, written behind by the recorder and gone when the run has ended. */
export const runSlices = switchboard.table(
  'run_slices',
  {
    runId: uuid('run_id')
      .$type<RunId>()
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    seq: integer().notNull(),
    part: integer().notNull(),
    /** Of a stretch of text: kind, offset and text. Of a whole part: `value`. */
    kind: text().$type<TextKind>(),
    offset: integer(),
    text: text(),
    value: jsonb().$type<Part>(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.seq] })],
);

/**
 * What was said up to a message, that one included, for models that do not take all of it. It holds on every branch that
 * the message is on.
 */
export const summaries = switchboard.table(
  'summaries',
  {
    chatId: uuid('chat_id')
      .$type<ChatId>()
      .notNull()
      .references(() => chats.id, { onDelete: 'cascade' }),
    messageId: uuid('message_id').$type<MessageId>().notNull(),
    text: text().notNull(),
    createdAt: time('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.chatId, table.messageId] })],
);

const tsvector = customType<{ data: string }>({ dataType: () => 'tsvector' });

/** The words of messages, for the search; written a little behind. */
export const messageWords = switchboard.table(
  'message_words',
  {
    chatId: uuid('chat_id')
      .$type<ChatId>()
      .notNull()
      .references(() => chats.id, { onDelete: 'cascade' }),
    messageId: uuid('message_id').$type<MessageId>().notNull(),
    words: tsvector().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.chatId, table.messageId] }),
    index('message_words_by_word').using('gin', table.words),
  ],
);

/**
 * What people think of answers, once more beside the answers: for counting by app and version. It goes with its chat.
 */
export const answerFeedback = switchboard.table(
  'answer_feedback',
  {
    /** Random: its place among comments is told to an assistant's owner, who learns no ids of others. */
    id: uuid().primaryKey().defaultRandom(),
    chatId: uuid('chat_id')
      .$type<ChatId>()
      .notNull()
      .references(() => chats.id, { onDelete: 'cascade' }),
    messageId: uuid('message_id').$type<MessageId>().notNull(),
    appId: uuid('app_id').$type<AppId>().notNull(),
    /** Empty for an answer that came with a fork, of which no run is known. */
    appVersion: integer('app_version'),
    rating: text().$type<Feedback['rating']>(),
    comment: text(),
    copied: integer().notNull(),
    /** When the comment became what it is. */
    commentedAt: time('commented_at'),
  },
  (table) => [
    unique('feedback_by_answer').on(table.chatId, table.messageId),
    index('feedback_by_version').on(table.appId, table.appVersion),
    index('feedback_comments')
      .on(table.appId, table.commentedAt.desc().nullsFirst(), table.id.desc().nullsFirst())
      .where(sql`comment is not null`),
  ],
);

/** The book of tool calls: written before a call begins and after it has ended, so that a crash leaves the truth behind. */
export const toolCalls = switchboard.table(
  'tool_calls',
  {
    runId: uuid('run_id')
      .$type<RunId>()
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    /** Its part's `toolCallId`. */
    id: text().notNull(),
    /** The order in which the run's calls were intended. */
    position: integer().notNull(),
    name: text().notNull(),
    input: jsonb().$type<unknown>(),
    readOnly: boolean('read_only').notNull(),
    step: integer().notNull(),
    state: text().$type<ToolCallState>().notNull(),
    output: jsonb().$type<unknown>(),
    error: text(),
    createdAt: time('created_at').notNull(),
    startedAt: time('started_at'),
    endedAt: time('ended_at'),
  },
  (table) => [primaryKey({ columns: [table.runId, table.id] })],
);

/**
 * The ledger of model calls: a row for each, opened before it and closed however it ends. It counts for what was used, so
 * it outlives chat and run.
 */
export const modelCalls = switchboard.table(
  'model_calls',
  {
    /** Of a run's first call: that of the run. */
    id: uuid().$type<ModelCallId>().primaryKey(),
    ownerId: text('owner_id').$type<UserId>().notNull(),
    chatId: uuid('chat_id').$type<ChatId>().notNull(),
    /** Of a title: the run whose answer it is made of. Of a summary: the run that needs it. */
    runId: uuid('run_id').$type<RunId>().notNull(),
    purpose: text().$type<ModelCallPurpose>().notNull(),
    /** Known at its end at the latest; empty when no model was asked, or none that says its name. */
    model: text(),
    /** Counts the calls of a run, from 1. */
    step: integer().notNull(),
    status: text().$type<ModelCallStatus>().notNull(),
    inputTokens: integer('input_tokens').notNull().default(0),
    outputTokens: integer('output_tokens').notNull().default(0),
    source: text().$type<Usage['source']>(),
    /** What is set aside for it while it is open. */
    reservedTokens: integer('reserved_tokens').notNull().default(0),
    openedAt: time('opened_at').notNull(),
    closedAt: time('closed_at'),
  },
  (table) => [
    index('model_calls_by_day').on(table.ownerId, table.openedAt),
    index('model_calls_by_chat').on(table.chatId),
    index('model_calls_open')
      .on(table.runId)
      .where(sql`status = 'open'`),
  ],
);

/** What was uploaded. The bytes are in a `FileStore`, which may be `file_pieces`. */
export const files = switchboard.table(
  'files',
  {
    id: uuid().$type<FileId>().primaryKey(),
    ownerId: text('owner_id').$type<UserId>().notNull(),
    name: text().notNull(),
    mediaType: text('media_type').notNull(),
    /** Bytes; empty while it is being uploaded. */
    size: integer(),
    createdAt: time('created_at').notNull(),
    /** When it is deleted unless a message uses it; empty while one does. */
    expiresAt: time('expires_at'),
  },
  (table) => [
    index('files_expiring')
      .on(table.expiresAt)
      .where(sql`expires_at is not null`),
  ],
);

/** Which messages use which files, those that wait in a queue too. Forks use the same ones. */
export const messageFiles = switchboard.table(
  'message_files',
  {
    chatId: uuid('chat_id')
      .$type<ChatId>()
      .notNull()
      .references(() => chats.id, { onDelete: 'cascade' }),
    messageId: uuid('message_id').$type<MessageId>().notNull(),
    fileId: uuid('file_id')
      .$type<FileId>()
      .notNull()
      .references(() => files.id, { onDelete: 'cascade' }),
  },
  (table) => [
    primaryKey({ columns: [table.chatId, table.messageId, table.fileId] }),
    index('message_files_by_file').on(table.fileId),
  ],
);

/** The bytes of a file in pieces, so that neither a statement nor the memory ever holds all of it. */
const bytes = customType<{ data: string }>({ dataType: () => 'bytea' });

export const filePieces = switchboard.table(
  'file_pieces',
  {
    fileId: uuid('file_id')
      .$type<FileId>()
      .notNull()
      .references(() => files.id, { onDelete: 'cascade' }),
    position: integer().notNull(),
    bytes: bytes().notNull(),
  },
  (table) => [primaryKey({ columns: [table.fileId, table.position] })],
);

/** What the nodes of a run did, for the owner of its workflow. */
export const nodeLog = switchboard.table(
  'node_log',
  {
    runId: uuid('run_id')
      .$type<RunId>()
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    /** Counts the entries of a run, from 1. */
    position: integer().notNull(),
    entry: jsonb().$type<NodeLogEntry>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.position] })],
);

/** What checkpoints of workflows belong to: a run, with which they go; the thread has its id then. */
export const checkpointThreads = switchboard.table(
  'checkpoint_threads',
  {
    id: text().primaryKey(),
    runId: uuid('run_id')
      .$type<RunId>()
      .references(() => runs.id, { onDelete: 'cascade' }),
  },
  (table) => [index('checkpoint_threads_by_run').on(table.runId)],
);

const ofThread = {
  threadId: text('thread_id')
    .notNull()
    .references(() => checkpointThreads.id, { onDelete: 'cascade' }),
  /** Empty for the graph itself, else that of a graph inside of it. */
  namespace: text().notNull(),
};

/** Values are text, not `jsonb`, which refuses the NUL that a workflow may come by. */
const serialized = { type: text().notNull(), value: text().notNull() };

/** Where a workflow stands, without the values of its channels. */
export const checkpoints = switchboard.table(
  'checkpoints',
  {
    ...ofThread,
    id: text().notNull(),
    parentId: text('parent_id'),
    ...serialized,
    metadataType: text('metadata_type').notNull(),
    metadata: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.threadId, table.namespace, table.id] })],
);

/** The value of a channel in one of its versions, once, however many checkpoints have it. */
export const checkpointValues = switchboard.table(
  'checkpoint_values',
  { ...ofThread, channel: text().notNull(), version: text().notNull(), ...serialized },
  (table) => [primaryKey({ columns: [table.threadId, table.namespace, table.channel, table.version] })],
);

/** What the tasks of a step have written that go on from a checkpoint: the next one has all of it. */
export const checkpointWrites = switchboard.table(
  'checkpoint_writes',
  {
    ...ofThread,
    checkpointId: text('checkpoint_id').notNull(),
    taskId: text('task_id').notNull(),
    /** The place of the write in its task; negative for those of which a task has one. */
    index: integer().notNull(),
    taskPath: text('task_path').notNull(),
    channel: text().notNull(),
    ...serialized,
  },
  (table) => [
    // The name that would be made of them is longer than Postgres takes.
    primaryKey({
      name: 'checkpoint_writes_pk',
      columns: [table.threadId, table.namespace, table.checkpointId, table.taskId, table.index],
    }),
  ],
);

/** What is kept of a key is enough to recognise it, and not enough to use it. */
export const apiKeys = switchboard.table(
  'api_keys',
  {
    id: uuid().$type<ApiKeyId>().primaryKey(),
    ownerId: text('owner_id').$type<UserId>().notNull(),
    name: text().notNull(),
    prefix: text().notNull(),
    /** SHA-256 of the whole key, in hexadecimal. */
    hash: text().notNull(),
    createdAt: time('created_at').notNull(),
    lastUsedAt: time('last_used_at'),
    revokedAt: time('revoked_at'),
  },
  (table) => [unique('api_keys_by_hash').on(table.hash), index('api_keys_by_owner').on(table.ownerId)],
);
