import type { ChatEvent, ChatEventOf, ChatView } from './events.ts';
import type { Message, Part } from './message.ts';

type Delta = ChatEventOf<'message.delta'>;

/**
 * What the chat looks like after one more event: pure, and the same again when the event comes twice.
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
      return withMessage(view, event.message.id, () => event.message);
    case 'run.queued':
      return isKnown(view, event.run.id) ? view : { ...view, queue: [...view.queue, event.run] };
    case 'run.started':
      return {
        ...view,
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
  if (view.messages.some((known) => known.id === message.id)) return view;
  return {
    ...view,
    chat: { ...view.chat, leafMessageId: message.id, updatedAt: message.createdAt },
    messages: [...view.messages, message],
  };
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
  const queue = view.queue.filter((run) => run.id !== event.runId);
  if (view.activeRun?.id !== event.runId) return { ...view, queue };
  const pendingInput = view.pendingInput?.runId === event.runId ? null : view.pendingInput;
  return { ...view, chat: { ...view.chat, activeRunId: null }, activeRun: null, pendingInput, queue };
}
