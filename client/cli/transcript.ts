import type { Chat } from '../../shared/chat.ts';
import type { ChatEvent, ChatEventOf } from '../../shared/events.ts';
import type { Message, Part } from '../../shared/message.ts';
import type { InputRequest } from '../../shared/run.ts';
import { cutText } from '../../shared/text.ts';
import { messageWords } from './message-words.ts';
import { toolWords } from './tool-words.ts';

/** A line of its own, or more of an answer's text. */
export interface Piece {
  readonly kind: 'line' | 'text';
  readonly text: string;
}

const line = (text: string): Piece => ({ kind: 'line', text });

/** Messages that are told when a chat is entered; what is older was not asked for. */
const enteredWith = 10;

/** UTF-16 units of a waiting message that are repeated. */
const waitingText = 200;

/**
 * Tells the events of a chat for people to read: what was said, how each answer grows and how it ends. Whatever comes
 * again, with a snapshot or a delta that overlaps, is told once. A transcript may begin in the middle of an answer.
 */
export class Transcript {
  #title: string | null;
  #isBusy: boolean;
  #isEntered = false;
  readonly #toldMessages = new Set<string>();
  /** Calls of tools with their states, and questions. */
  readonly #told = new Set<string>();
  /** Units of text that were told of each part of each message. */
  readonly #toldText = new Map<string, number>();

  constructor({ activeRunId, title }: Chat) {
    this.#title = title;
    this.#isBusy = activeRunId !== null;
  }

  tell(event: ChatEvent): Piece[] {
    switch (event.type) {
      case 'snapshot':
        return this.#enter(event);
      case 'message.added':
        return this.#begin(event.message);
      case 'message.delta':
        return event.kind === 'text' ? this.#grow(event.messageId, event.part, event.offset, event.text) : [];
      case 'message.completed':
        return this.#complete(event.message);
      case 'message.part':
        return this.#tool(event.value);
      case 'node.started':
        return [line(`[${event.title}]`)];
      case 'run.queued':
        return this.#isBusy ? [line(`(waiting) ${cutText(event.run.text, waitingText)}`)] : [];
      case 'run.started':
        this.#isBusy = true;
        return [];
      case 'run.ended':
        this.#isBusy = false;
        return [line(endWords(event))];
      case 'input.requested':
        return this.#ask(event.input);
      case 'input.answered':
        return [line(`(answered by ${event.answeredBy}) ${JSON.stringify(event.value)}`)];
      case 'chat.updated':
        return this.#update(event.chat);
      case 'chat.deleted':
        return [line('(the chat was deleted)')];
      default:
        return [];
    }
  }

  #enter({ activeRun, messages, pendingInput, queue }: ChatEventOf<'snapshot'>): Piece[] {
    const isFirst = !this.#isEntered;
    this.#isEntered = true;
    this.#isBusy = activeRun !== null;
    if (isFirst) for (const { id } of messages.slice(0, -enteredWith)) this.#toldMessages.add(id);
    const told = messages.filter(({ id, status }) => !this.#toldMessages.has(id) || status === 'streaming');
    const waiting = isFirst ? queue.map(({ text }) => line(`(waiting) ${cutText(text, waitingText)}`)) : [];
    const asked = pendingInput ? this.#ask(pendingInput) : [];
    return [...told.flatMap((message) => this.#whole(message)), ...asked, ...waiting];
  }

  /** All of a message that was not told yet. */
  #whole(message: Message): Piece[] {
    return [...this.#begin(message), ...(message.role === 'user' ? [] : this.#complete(message))];
  }

  #begin(message: Message): Piece[] {
    if (this.#toldMessages.has(message.id)) return [];
    this.#toldMessages.add(message.id);
    return message.role === 'user' ? [line(`> ${messageWords(message)}`)] : [];
  }

  #complete({ id, parts }: Message): Piece[] {
    this.#toldMessages.add(id);
    return parts.flatMap((part, index) =>
      part.type === 'text' ? this.#grow(id, index, 0, part.text) : this.#tool(part),
    );
  }

  #tool(part: Part): Piece[] {
    if (part.type !== 'tool') return [];
    return this.#once(`${part.toolCallId} ${part.state} ${part.inputId ?? ''}`, toolWords(part));
  }

  #ask({ id, prompt }: InputRequest): Piece[] {
    return this.#once(id, `(asks) ${prompt.trim()}`);
  }

  #once(key: string, words: string): Piece[] {
    if (this.#told.has(key)) return [];
    this.#told.add(key);
    return [line(words)];
  }

  /** Where nothing was told of a part the transcript began in its middle, at this offset. */
  #grow(messageId: string, part: number, offset: number, text: string): Piece[] {
    const key = `${messageId}/${part}`;
    const told = this.#toldText.get(key) ?? offset;
    this.#toldText.set(key, Math.max(told, offset + text.length));
    const fresh = text.slice(Math.max(told - offset, 0));
    return fresh === '' ? [] : [{ kind: 'text', text: fresh }];
  }

  #update({ title }: Chat): Piece[] {
    if (title === this.#title) return [];
    this.#title = title;
    return [line(`(title) ${title ?? 'none'}`)];
  }
}

function endWords({ error, status }: ChatEventOf<'run.ended'>): string {
  return error ? `(${status}) ${error.code}: ${error.message}` : `(${status})`;
}
