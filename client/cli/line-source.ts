import { clearLine, createInterface, cursorTo } from 'node:readline';
import type { Interface } from 'node:readline';
import type { Screen } from './screen.ts';
import type { Terminal } from './terminal.ts';

/**
 * The lines of a person or a pipe, taken one at a time by whoever needs the next one: a conversation, or a question in the
 * middle of an answer. None is lost between two of them.
 */
export class LineSource {
  /** Whether a person types them. */
  readonly isInteractive: boolean;
  readonly #terminal: Terminal;
  readonly #screen: Screen;
  readonly #lines: Interface;
  readonly #iterator: AsyncIterator<string>;
  /** Asked for and not taken yet: whoever asked has gone, and the next one gets it. */
  #next: Promise<IteratorResult<string>> | null = null;
  /** Of each line that is still to be taken, whether it did its work when it was typed. */
  readonly #isDone: boolean[] = [];
  #isOpen = true;

  constructor(terminal: Terminal, screen: Screen) {
    const { stdin: input, stdout: output } = terminal;
    this.#terminal = terminal;
    this.#screen = screen;
    this.isInteractive = isPerson(terminal);
    this.#lines = createInterface({ input, output, terminal: this.isInteractive, prompt: '' });
    this.#lines.once('close', () => (this.#isOpen = false));
    // Begun before anything else, so that what comes meanwhile is not lost.
    this.#iterator = this.#lines[Symbol.asyncIterator]();
  }

  /**
   * The next line, asked for with this prompt where a person sits there; null when there are no more. Errors: the signal's
   * reason.
   */
  async take(prompt: string, signal?: AbortSignal): Promise<string | null> {
    this.#prompt(prompt);
    try {
      for (;;) {
        this.#next ??= this.#iterator.next();
        const { done, value } = await unlessAborted(this.#next, signal);
        this.#next = null;
        if (done) return null;
        if (!this.#isDone.shift()) return value;
      }
    } finally {
      this.#screen.promptWaits(null);
      if (signal?.aborted) this.#takePromptAway();
    }
  }

  /** Shows each line to the listener when it is typed; one that it answers with true is not taken any more. */
  onTyped(listener: (line: string) => boolean): void {
    this.#lines.on('line', (line) => this.#isDone.push(this.isInteractive && listener(line)));
  }

  /** At a terminal Ctrl-C is a key that is read here; elsewhere it is a signal to the process. Returns what ends that. */
  onInterrupt(listener: () => void): () => void {
    if (!this.isInteractive) return this.#terminal.onInterrupt(listener);
    this.#lines.on('SIGINT', listener);
    return () => void this.#lines.off('SIGINT', listener);
  }

  close(): void {
    this.#lines.close();
  }

  /** The last lines of a pipe are read after its end, and a closed readline does not prompt. */
  #prompt(prompt: string): void {
    if (!this.isInteractive || !this.#isOpen) return;
    this.#lines.setPrompt(prompt);
    this.#lines.prompt();
    this.#screen.promptWaits(this.#lines);
  }

  #takePromptAway(): void {
    if (!this.isInteractive || !this.#isOpen) return;
    this.#lines.write(null, { ctrl: true, name: 'u' });
    cursorTo(this.#terminal.stdout, 0);
    clearLine(this.#terminal.stdout, 0);
  }
}

/** Whether a person sits at this terminal, to be asked and told more. */
export function isPerson({ stdin, stdout }: Terminal): boolean {
  return (stdin.isTTY ?? false) && (stdout.isTTY ?? false);
}

function unlessAborted<Value>(promise: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (!signal) return promise;
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', leave, { once: true });
    void promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}
