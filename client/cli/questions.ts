import { codeOf } from '../index.ts';
import type { StreamedEvent } from '../index.ts';
import { uploaderOf } from './answer-files.ts';
import type { Asked } from './asked.ts';
import { answeredWords, askedWords } from './asked.ts';
import { exitCodes } from './exit-codes.ts';
import { readAnswer } from './read-answer.ts';
import type { RefusedAnswer } from './read-answer.ts';
import type { Turn } from './turn.ts';

interface Pending {
  readonly asked: Asked;
  /** Aborts when it is pending no more. */
  readonly gone: AbortController;
  /** While the answer has not been sent. */
  isOpen: boolean;
}

/** The questions of one answer, asked of whoever gives the lines while the answer is followed. */
export class Questions {
  readonly #turn: Turn;
  readonly #over = new AbortController();
  #pending: Pending | null = null;
  #failure: { readonly error: unknown } | null = null;

  constructor(turn: Turn) {
    this.#turn = turn;
  }

  /** Aborts when the answer cannot be followed any further: nobody here answers its question, or asking has failed. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  /** To be called after each event with the question that is pending then. */
  see(event: StreamedEvent, asked: Asked | null): void {
    if (asked?.request.id === this.#pending?.asked.request.id) return;
    if (event.type === 'input.answered' && this.#pending?.isOpen) {
      this.#turn.session.screen.notice(answeredWords(event.answeredBy));
    }
    this.leave();
    if (!asked) return;
    this.#pending = { asked, gone: new AbortController(), isOpen: true };
    void this.#ask(this.#pending);
  }

  /** Asks no more. */
  leave(): void {
    this.#pending?.gone.abort();
    this.#pending = null;
  }

  /** With `over`: tells which question waits, and returns the exit code for it. Errors: those of asking. */
  tellUnanswered(): number {
    if (this.#failure) throw this.#failure.error;
    const { chat, session } = this.#turn;
    session.screen.notice(waitingWords(chat.id, this.#pending?.asked.request.id ?? ''));
    return exitCodes.asked;
  }

  async #ask(pending: Pending): Promise<void> {
    try {
      this.#turn.session.screen.notice(askedWords(pending.asked));
      if (!(await this.#answer(pending))) this.#over.abort();
    } catch (error) {
      if (pending.gone.signal.aborted) return;
      this.#failure = { error };
      this.#over.abort();
    }
  }

  /** False when nobody is there to answer. What the server does not take is told, and asked again. */
  async #answer(pending: Pending): Promise<boolean> {
    const { chat, leave, session } = this.#turn;
    const lines = this.#turn.lines();
    if (!lines) return false;
    const signal = AbortSignal.any([pending.gone.signal, leave]);
    const desk = { lines, screen: session.screen, signal, upload: uploaderOf(session) };
    let refused: RefusedAnswer | null = null;
    for (;;) {
      const read = await readAnswer(pending.asked, desk, refused);
      if (!read) return false;
      pending.isOpen = false;
      try {
        const answer = { chatId: chat.id, inputId: pending.asked.request.id, value: read.value };
        const { accepted, answeredBy } = await session.client.respond(answer, { signal: leave });
        if (!accepted) session.screen.notice(answeredWords(answeredBy));
        return true;
      } catch (error) {
        if (codeOf(error) !== 'INVALID_INPUT') throw error;
        const why = (error as Error).message;
        session.screen.notice(`INVALID_INPUT: ${why}`);
        refused = { value: read.value, why };
        pending.isOpen = true;
      }
    }
  }
}

/** Which question waits, and how it is answered. */
export function waitingWords(chatId: string, inputId: string): string {
  return `waiting: question ${inputId} of chat ${chatId} has no answer yet; give one with: switchboard chat --chat ${chatId}`;
}
