import type { ChatEvent, ChatEventOf, ChatView, NodeEvent } from './events.ts';
import { foldNode } from './fold-node.ts';
import type { Message, Part } from './message.ts';

type Delta = ChatEventOf<'message.delta'>;

/**
 * What the chat looks like after one more event: pure, and the same again when the event comes twice. What follows an
 * older place leads to the same end as well, once all of it has come.
 *
 * Starts from null; until the first `snapshot` there is nothing to fold into. Events and parts of a type that this
 * version does not know leave the view as it is. A delta that would leave a hole does too: see `leavesHole`.
 */
export function fold(view: ChatView | null, event: ChatEvent): ChatView | null {
  if (event.type === 'snapshot') {
    const { type: _, ...snapshot } = event;
    return snapshot;
  }
  return view && foldInto(view, event);
}

function foldInto(view: ChatView, event: Exclude<ChatEvent, { type: 'snapshot' }>): ChatView {
  switch (event.type) {
    case 'message.delta':
      return leavesHole(view, event) ? view : withStreaming(view, event, (parts) => foldDelta(parts, event));
    case 'message.part':
      return withStreaming(view, event, (parts) => setPart(parts, event.part, event.value));
    case 'message.added':
      return addMessage(view, event.message);
    case 'message.completed':
      return withMessage(view, event.message.id, ({ siblings }) => ({
        ...event.message,
        ...(siblings && { siblings }),
      }));
    case 'message.feedback':
      return withMessage(view, event.messageId, (message) => ({ ...message, feedback: event.feedback }));
    case 'run.queued':
      return isKnown(view, event.run.id) ? view : { ...view, queue: [...view.queue, event.run] };
    case 'node.started':
    case 'node.finished':
      return withNode(view, event);
    case 'run.started':
      return {
        ...withoutNodes(view),
        chat: { ...view.chat, activeRunId: event.run.id },
        activeRun: event.run,
        queue: view.queue.filter((run) => run.id !== event.run.id),
      };
    case 'run.ended':
      return endRun(view, event);
    case 'queue.changed':
      return { ...view, queue: event.queue };
    case 'input.requested':
      return { ...withStatus(view, event.input.runId, 'waiting'), pendingInput: event.input };
    case 'input.answered':
      return endInput(view, event.inputId);
    case 'chat.updated':
      return { ...view, chat: event.chat };
    default:
      return view;
  }
}

/**
 * Whether this delta begins after the end of what the view has. That cannot come from a server that keeps its word; a
 * client that sees it subscribes again from its last cursor.
 */
export function leavesHole(view: ChatView | null, event: ChatEvent): boolean {
  if (view === null || event.type !== 'message.delta') return false;
  const message = view.messages.findLast((candidate) => candidate.id === event.messageId);
  if (message?.status !== 'streaming') return false;
  if (event.part > message.parts.length) return true;
  return event.offset > textLength(message.parts[event.part]);
}

function foldDelta(parts: readonly Part[], delta: Delta): Part[] {
  const have = parts[delta.part];
  const text = have && 'text' in have ? have.text : '';
  const isOld = delta.offset + delta.text.length <= text.length;
  return setPart(parts, delta.part, {
    type: delta.kind,
    text: isOld ? text : text.slice(0, delta.offset) + delta.text,
  });
}

function textLength(part: Part | undefined): number {
  return part && 'text' in part ? part.text.length : 0;
}

function setPart(parts: readonly Part[], index: number, value: Part): Part[] {
  if (index > parts.length) return [...parts];
  return index === parts.length ? [...parts, value] : parts.with(index, value);
}

function withMessage(view: ChatView, id: string, change: (message: Message) => Message): ChatView {
  const index = view.messages.findLastIndex((message) => message.id === id);
  const message = view.messages[index];
  return message ? { ...view, messages: view.messages.with(index, change(message)) } : view;
}

/** Content that comes late must not change an answer that is already whole. */
function withStreaming(view: ChatView, event: { messageId: string }, change: (parts: Part[]) => Part[]): ChatView {
  return withMessage(view, event.messageId, (message) =>
    message.status === 'streaming' ? { ...message, parts: change(message.parts) } : message,
  );
}

function addMessage(view: ChatView, message: Message): ChatView {
  const chat = { ...view.chat, leafMessageId: message.id, updatedAt: message.createdAt };
  // Also for a message that is known: a replay from further back begins with an older chat.
  const isKnown = view.messages.some((known) => known.id === message.id);
  return { ...view, chat, messages: isKnown ? view.messages : [...view.messages, message] };
}

/** What comes late from a run that has ended is of no interest. */
function withNode(view: ChatView, event: NodeEvent): ChatView {
  if (view.activeRun?.id !== event.runId) return view;
  return { ...view, nodes: foldNode(view.nodes ?? [], event) };
}

function withoutNodes(view: ChatView): ChatView {
  const { nodes: _, ...rest } = view;
  return rest;
}

function isKnown(view: ChatView, runId: string): boolean {
  return view.activeRun?.id === runId || view.queue.some((run) => run.id === runId);
}

function withStatus(view: ChatView, runId: string, status: 'running' | 'waiting'): ChatView {
  return view.activeRun?.id === runId ? { ...view, activeRun: { ...view.activeRun, status } } : view;
}

/** Its run is to go on. */
function endInput(view: ChatView, inputId: string): ChatView {
  if (view.pendingInput?.id !== inputId) return view;
  return { ...withStatus(view, view.pendingInput.runId, 'running'), pendingInput: null };
}

function endRun(view: ChatView, event: ChatEventOf<'run.ended'>): ChatView {
  const { chat, activeRun, pendingInput } = view;
  return {
    ...(activeRun?.id === event.runId ? withoutNodes(view) : view),
    // Each by itself: a replay from further back begins with a chat that is older than the rest.
    chat: chat.activeRunId === event.runId ? { ...chat, activeRunId: null } : chat,
    activeRun: activeRun?.id === event.runId ? null : activeRun,
    pendingInput: pendingInput?.runId === event.runId ? null : pendingInput,
    queue: view.queue.filter((run) => run.id !== event.runId),
  };
}
