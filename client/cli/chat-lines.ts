import type { Conversation, Taken } from './conversation.ts';
import { endingOf, NoServer } from './ending.ts';
import { exitCodes } from './exit-codes.ts';
import { twoInterrupts } from './interrupts.ts';
import type { Interrupts } from './interrupts.ts';
import type { LineSource } from './line-source.ts';
import type { Session } from './session.ts';
import { isStop } from './slash-commands.ts';

/**
 * Hands the lines of a person or a pipe to a conversation, one after the other.
 *
 * Ctrl-C, and `/stop` at a terminal, stop the answer that is being written; a second Ctrl-C leaves it. At the prompt
 * Ctrl-C and Ctrl-D leave.
 */
export class ChatLines {
  readonly #session: Session;
  readonly #conversation: Conversation;
  readonly #lines: LineSource;
  /** Of what is being answered; null at the prompt. */
  #turn: Interrupts | null = null;
  #code: number = exitCodes.completed;

  constructor(session: Session, lines: LineSource, conversation: Conversation) {
    this.#session = session;
    this.#conversation = conversation;
    this.#lines = lines;
    lines.onTyped((line) => this.#stopAtOnce(line));
  }

  /** Resolves to the exit code: at a terminal 0, else that of the last answer. Errors: `NoServer`. */
  async read(): Promise<number> {
    const { gone } = this.#session;
    const leave = (): void => this.#lines.close();
    const stopListening = this.#lines.onInterrupt(() => (this.#turn ? this.#turn.interrupt() : leave()));
    gone.addEventListener('abort', leave, { once: true });
    try {
      await this.#readAll();
      gone.throwIfAborted();
      return this.#lines.isInteractive ? exitCodes.completed : this.#code;
    } finally {
      stopListening();
      gone.removeEventListener('abort', leave);
      leave();
    }
  }

  async #readAll(): Promise<void> {
    if (!(await this.#take((turn) => this.#conversation.begin(turn)))) return;
    for (;;) {
      const line = await this.#lines.take(this.#conversation.prompt);
      if (line === null || !(await this.#take((turn) => this.#conversation.take(line, turn)))) return;
    }
  }

  /** False when the conversation is over. */
  async #take(work: (turn: Interrupts) => Promise<Taken>): Promise<boolean> {
    const turn = twoInterrupts();
    this.#turn = turn;
    const taken = await this.#withoutRefusal(turn, work);
    if (taken === 'leave' || turn.second.aborted) return false;
    if (taken !== null) this.#code = taken;
    this.#turn = null;
    return true;
  }

  /** A refused message ends nothing: the next line may be better. Only a server that is gone does. */
  async #withoutRefusal(turn: Interrupts, work: (turn: Interrupts) => Promise<Taken>): Promise<Taken> {
    try {
      return await work(turn);
    } catch (error) {
      if (turn.second.aborted) return exitCodes.left;
      if (error instanceof NoServer) throw error;
      const { code, words } = endingOf(error);
      this.#session.screen.notice(words);
      return code;
    }
  }

  /** Whether the line has done its work already. */
  #stopAtOnce(line: string): boolean {
    if (!this.#turn || this.#turn.first.aborted || !isStop(line)) return false;
    this.#turn.interrupt();
    return true;
  }
}
