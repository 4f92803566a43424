import { z } from 'zod';
import { Chat } from './chat.ts';
import { Feedback } from './feedback.ts';
import { ChatId, InputId, MessageId, RunId } from './ids.ts';
import { Message, Part, RunError } from './message.ts';
import { nodeEnd, nodeFields, NodeProgress, nodeStart } from './node-progress.ts';
import { Ending, InputRequest, Run } from './run.ts';

/** Everything a client needs to show a chat; what a `snapshot` brings and what `fold` keeps. */
export const ChatView = z.object({
  chat: Chat,
  /** The newest page, oldest first. */
  messages: z.array(Message),
  /** For `chat.history`: what is older than `messages`. */
  nextCursor: z.string().nullable(),
  activeRun: Run.nullable(),
  pendingInput: InputRequest.nullable(),
  queue: z.array(Run),
  /** How far the active run's nodes have come, where it has any: in the order in which they were first told. */
  nodes: z.array(NodeProgress).optional(),
});
export type ChatView = z.infer<typeof ChatView>;

const SnapshotEvent = ChatView.extend({ type: z.literal('snapshot') });

/** Text that was added to a part. `offset` is where it begins in that part, in UTF-16 units. */
const DeltaEvent = z.object({
  type: z.literal('message.delta'),
  runId: RunId,
  messageId: MessageId,
  part: z.int().nonnegative(),
  kind: z.enum(['text', 'reasoning']),
  offset: z.int().nonnegative(),
  text: z.string(),
});

/** Sets a whole part. */
const PartEvent = z.object({
  type: z.literal('message.part'),
  runId: RunId,
  messageId: MessageId,
  part: z.int().nonnegative(),
  value: Part,
});

const node = { runId: RunId, ...nodeFields };
const NodeStartedEvent = z.object({ type: z.literal('node.started'), ...node, ...nodeStart });
const NodeFinishedEvent = z.object({ type: z.literal('node.finished'), ...node, ...nodeEnd });

/** How a node of a workflow gets on. */
export const NodeEvent = z.discriminatedUnion('type', [NodeStartedEvent, NodeFinishedEvent]);
export type NodeEvent = z.infer<typeof NodeEvent>;

/** What a run produces while it lives: kept in its run log. */
export const RunEvent = z.discriminatedUnion('type', [DeltaEvent, PartEvent, ...NodeEvent.options]);
export type RunEvent = z.infer<typeof RunEvent>;

/** What is durable about a chat: kept in its chat log, one sequence number each. */
export const ChatLogEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('run.queued'), run: Run }),
  z.object({ type: z.literal('message.added'), message: Message }),
  z.object({ type: z.literal('run.started'), run: Run }),
  z.object({ type: z.literal('input.requested'), input: InputRequest }),
  z.object({ type: z.literal('input.answered'), inputId: InputId, answeredBy: z.string(), value: z.unknown() }),
  z.object({ type: z.literal('message.completed'), message: Message }),
  z.object({ type: z.literal('message.feedback'), messageId: MessageId, feedback: Feedback }),
  z.object({ type: z.literal('run.ended'), runId: RunId, status: Ending, error: RunError.optional() }),
  z.object({ type: z.literal('queue.changed'), queue: z.array(Run) }),
  z.object({ type: z.literal('chat.updated'), chat: Chat }),
  z.object({ type: z.literal('chat.deleted'), chatId: ChatId }),
]);
export type ChatLogEvent = z.infer<typeof ChatLogEvent>;

/** Everything that `chat.stream` may yield. */
export const ChatEvent = z.discriminatedUnion('type', [SnapshotEvent, ...ChatLogEvent.options, ...RunEvent.options]);
export type ChatEvent = z.infer<typeof ChatEvent>;
export type ChatEventOf<Type extends ChatEvent['type']> = Extract<ChatEvent, { type: Type }>;
