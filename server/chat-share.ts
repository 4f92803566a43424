import type { Chat } from '../shared/chat.ts';
import { SwitchboardError } from '../shared/errors.ts';
import type { ChatEvent, ChatView } from '../shared/events.ts';
import { ShareId } from '../shared/ids.ts';
import type { Message, Part, RunError } from '../shared/message.ts';
import type { StreamedEvent } from './chat-stream.ts';
import { withoutValues } from './run-progress.ts';

/**
 * What those see with whom a chat is shared: what was said, as it is said. What tools were given and gave, why an answer
 * failed, what waits in the queue, questions to the owner and what the owner thinks of answers stay the owner's.
 *
 * Errors: `NOT_FOUND` as soon as the chat is not shared under this id any more.
 */
export async function* sharedEvents(
  events: AsyncIterable<StreamedEvent>,
  shareId: ShareId,
): AsyncGenerator<StreamedEvent, void, void> {
  for await (const { cursor, event } of events) {
    if ((event.type === 'snapshot' || event.type === 'chat.updated') && event.chat.shareId !== shareId)
      throw notShared();
    const shown = shownOf(event);
    if (shown) yield { cursor, event: shown };
  }
}

export function notShared(): SwitchboardError {
  return new SwitchboardError('NOT_FOUND', 'There is no such chat, or it is not shared any more.');
}

/** Nobody guesses one. */
export function newShareId(): ShareId {
  return ShareId.parse(Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64url'));
}

/** Null: not told. The cursor of what follows stands behind it. */
function shownOf(event: ChatEvent): ChatEvent | null {
  switch (event.type) {
    case 'snapshot':
      return { ...event, ...sharedView(event) };
    case 'chat.updated':
      return { ...event, chat: sharedChat(event.chat) };
    case 'message.added':
    case 'message.completed':
      return { ...event, message: sharedMessage(event.message) };
    case 'node.started': {
      const { inputs: _, ...told } = event;
      return told;
    }
    case 'node.finished':
      return withoutValues(event);
    case 'message.part':
      return { ...event, value: sharedPart(event.value) };
    case 'run.ended':
      return { ...event, ...sharedError(event.error) };
    case 'run.queued':
    case 'queue.changed':
    case 'input.requested':
    case 'input.answered':
    case 'message.feedback':
      return null;
    default:
      return event;
  }
}

export function sharedView(view: ChatView): ChatView {
  return {
    ...view,
    chat: sharedChat(view.chat),
    messages: view.messages.map(sharedMessage),
    pendingInput: null,
    queue: [],
    ...(view.nodes && { nodes: view.nodes.map(withoutValues) }),
  };
}

function sharedChat(chat: Chat): Chat {
  const { shareId: _, ...told } = chat;
  return told;
}

export function sharedMessage(message: Message): Message {
  const { feedback: _, ...told } = message;
  return { ...told, parts: message.parts.map(sharedPart), ...sharedError(message.error) };
}

/** Why an answer has failed may repeat what a node or a tool was given, and how the server is set up. */
function sharedError(error: RunError | undefined): { readonly error?: RunError } {
  return error ? { error: { code: error.code, message: 'The answer failed; the owner of the chat is told why.' } } : {};
}

function sharedPart(part: Part): Part {
  switch (part.type) {
    case 'tool': {
      const { output: _output, error: _error, ...told } = part;
      return { ...told, input: null };
    }
    case 'input': {
      const { answer: _answer, answeredBy: _answeredBy, ...told } = part;
      return told;
    }
    default:
      return part;
  }
}
