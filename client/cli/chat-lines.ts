import { createInterface } from 'node:readline';
import type { Interface } from 'node:readline';
import type { Conversation, Taken } from './conversation.ts';
import { endingOf, NoServer } from './ending.ts';
import { exitCodes } from './exit-codes.ts';
import { twoInterrupts } from './interrupts.ts';
import type { Interrupts } from './interrupts.ts';
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
  readonly #lines: Interface;
  readonly #isInteractive: boolean;
  /** Of what is being answered; null at the prompt. */
  #turn: Interrupts | null = null;
  /** Lines `/stop` that did their work when they were typed and come again in their turn. */
  #stopsTaken = 0;
  #isOpen = true;
  #code: number = exitCodes.completed;

  constructor(session: Session, conversation: Conversation, isInteractive: boolean) {
    const { stdin: input, stdout: output } = session.terminal;
    this.#session = session;
    this.#conversation = conversation;
    this.#isInteractive = isInteractive;
    this.#lines = createInterface({ input, output, terminal: isInteractive, prompt: '' });
    this.#lines.once('close', () => (this.#isOpen = false));
    if (isInteractive) this.#lines.on('line', (line) => this.#stopAtOnce(line));
  }

  /** Resolves to the exit code: at a terminal 0, else that of the last answer. Errors: `NoServer`. */
  async read(): Promise<number> {
    const { gone, screen } = this.#session;
    const leave = (): void => this.#lines.close();
    const stopListening = this.#onCtrlC(() => (this.#turn ? this.#turn.interrupt() : leave()));
    gone.addEventListener('abort', leave, { once: true });
    try {
      await this.#readAll();
      gone.throwIfAborted();
      return this.#isInteractive ? exitCodes.completed : this.#code;
    } finally {
      screen.promptWaits(null);
      stopListening();
      gone.removeEventListener('abort', leave);
      leave();
    }
  }

  async #readAll(): Promise<void> {
    // Begun before anything else, so that what comes meanwhile is not lost.
    const lines = this.#lines[Symbol.asyncIterator]();
    if (!(await this.#take((turn) => this.#conversation.begin(turn)))) return;
    for await (const line of lines) {
      if (this.#stopsTaken > 0 && isStop(line)) this.#stopsTaken -= 1;
      else if (!(await this.#take((turn) => this.#conversation.take(line, turn)))) return;
    }
  }

  /** False when the conversation is over. */
  async #take(work: (turn: Interrupts) => Promise<Taken>): Promise<boolean> {
    const turn = twoInterrupts();
    this.#turn = turn;
    this.#session.screen.promptWaits(null);
    const taken = await this.#withoutRefusal(turn, work);
    if (taken === 'leave' || turn.second.aborted) return false;
    if (taken !== null) this.#code = taken;
    this.#turn = null;
    this.#prompt();
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

  /** The last lines of a pipe are read after its end, and a closed readline does not prompt. */
  #prompt(): void {
    if (!this.#isInteractive || !this.#isOpen) return;
    this.#lines.setPrompt(this.#conversation.prompt);
    this.#lines.prompt();
    this.#session.screen.promptWaits(this.#lines);
  }

  #stopAtOnce(line: string): void {
    if (!this.#turn || this.#turn.first.aborted || !isStop(line)) return;
    this.#stopsTaken += 1;
    this.#turn.interrupt();
  }

  /** At a terminal Ctrl-C is a key that readline reads; elsewhere it is a signal to the process. */
  #onCtrlC(listener: () => void): () => void {
    if (!this.#isInteractive) return this.#session.terminal.onInterrupt(listener);
    this.#lines.on('SIGINT', listener);
    return () => void this.#lines.off('SIGINT', listener);
  }
}
