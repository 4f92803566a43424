import type { ChatEvent, ChatView } from '../../shared/events.ts';
import { fold } from '../../shared/fold.ts';
import type { Message, RunError } from '../../shared/message.ts';
import type { Ending } from '../../shared/run.ts';
import type { Asked } from './asked.ts';
import { toolWords } from './tool-words.ts';

/** What one event adds to an answer that is being shown. */
export interface Shown {
  readonly text: string;
  readonly reasoning: string;
  readonly notices: readonly string[];
  /** The question that the run waits for; null while it waits for none. */
  readonly asked: Asked | null;
  /** How the run ended; null while it goes on. `paused`: it waits, and nothing tells when it will start. */
  readonly ending: { readonly status: Ending | 'paused'; readonly error?: RunError | undefined } | null;
}

/**
 * Turns the events of a chat into what is new of one run's answer, whatever the stream went through: a snapshot in the
 * middle adds only what was not shown yet.
 */
export class AnswerText {
  #view: ChatView;
  readonly #runId: string;
  readonly #shown = { text: '', reasoning: '' };
  readonly #told = new Set<string>();

  constructor(view: ChatView, runId: string) {
    this.#view = view;
    this.#runId = runId;
  }

  apply(event: ChatEvent): Shown {
    this.#view = fold(this.#view, event) ?? this.#view;
    const message = this.#message();
    const notices: string[] = [];
    const tell = (words: string, key = words): void => {
      if (!this.#told.has(key)) notices.push(words);
      this.#told.add(key);
    };
    if (message) describe(message, tell);
    const text = this.#grow('text', message, tell);
    const reasoning = this.#grow('reasoning', message, tell);
    return { text, reasoning, notices, asked: this.#asked(message), ending: this.#ending(event, message) };
  }

  #asked(message: Message | undefined): Asked | null {
    const { pendingInput: request } = this.#view;
    if (request?.runId !== this.#runId) return null;
    const tool = message?.parts.find((part) => part.type === 'tool' && part.inputId === request.id);
    return { request, tool: tool?.type === 'tool' ? tool : null };
  }

  #message(): Message | undefined {
    return this.#view.messages.findLast(({ runId, role }) => runId === this.#runId && role === 'assistant');
  }

  /** What the answer has beyond what was shown. */
  #grow(kind: 'text' | 'reasoning', message: Message | undefined, tell: (words: string) => void): string {
    const whole = (message?.parts ?? []).map((part) => (part.type === kind ? part.text : '')).join('');
    const shown = this.#shown[kind];
    if (kind === 'text' && message?.status !== 'streaming' && message && !whole.startsWith(shown)) {
      tell('the stored answer is not the one that was shown; read it again in the chat');
    }
    if (whole.length <= shown.length) return '';
    this.#shown[kind] = whole;
    return whole.slice(shown.length);
  }

  #ending(event: ChatEvent, message: Message | undefined): Shown['ending'] {
    if (event.type === 'run.ended' && event.runId === this.#runId) return { status: event.status, error: event.error };
    if (this.#isPaused(event, message)) return { status: 'paused' };
    if (event.type !== 'snapshot' || this.#isAhead()) return null;
    if (message && message.status !== 'streaming') return { status: message.status, error: message.error };
    // Ended before it started, while this side was away: only a stop does that.
    return message ? null : { status: 'stopped' };
  }

  /** Told by these two events only: what the view began with may be from before this very message let the queue go on. */
  #isPaused(event: ChatEvent, message: Message | undefined): boolean {
    if (event.type === 'snapshot' && !this.#isAhead()) return false;
    if (event.type !== 'snapshot' && event.type !== 'chat.updated') return false;
    return event.chat.queuePaused === true && !message && this.#view.activeRun?.id !== this.#runId;
  }

  #isAhead(): boolean {
    const { activeRun, queue } = this.#view;
    return activeRun?.id === this.#runId || queue.some((run) => run.id === this.#runId);
  }
}

/** What is to be known about an answer besides its text. */
function describe(message: Message, tell: (words: string, key?: string) => void): void {
  if (message.model?.startsWith('demo:')) {
    tell('(a demo answer: no language model is connected to this server)');
  }
  for (const part of message.parts) {
    if (part.type === 'source') tell(`source: ${part.title}${part.url === undefined ? '' : ` ${part.url}`}`);
    if (part.type === 'tool' && part.inputId === undefined) tell(toolWords(part), `${part.toolCallId} ${part.state}`);
  }
}
