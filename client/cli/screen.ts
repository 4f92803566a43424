import type { Interface } from 'node:readline';
import { clearLine, cursorTo } from 'node:readline';
import { printable, write } from './terminal.ts';
import type { Terminal } from './terminal.ts';

/**
 * What a command shows: answers on stdout, everything else on stderr, each on lines of its own.
 *
 * What goes to stdout is exactly the text that was given, with a newline at the end. Where both streams are one terminal a
 * notice in the middle of a line begins a new one, without a change to stdout.
 */
export class Screen {
  readonly #terminal: Terminal;
  readonly #isShared: boolean;
  /** The streams whose last line has not ended. */
  readonly #open = { stdout: false, stderr: false };
  /** Whether something else was written after the open line of stdout. */
  #wasInterrupted = false;
  #prompting: Interface | null = null;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.#isShared = (terminal.stdout.isTTY ?? false) && (terminal.stderr.isTTY ?? false);
  }

  /** One line on stderr. Where a prompt waits for input it is shown again below. */
  notice(words: string): void {
    const { stderr, stdout } = this.#terminal;
    if (this.#prompting && this.#isShared) {
      cursorTo(stdout, 0);
      clearLine(stdout, 0);
    } else if (this.#open.stderr || this.#isInLine()) {
      stderr.write('\n');
    }
    stderr.write(`${printable(words)}\n`);
    this.#open.stderr = false;
    this.#wasInterrupted = this.#open.stdout;
    this.#prompting?.prompt(true);
  }

  /** More of the answer's text. Resolves when the stream takes more. */
  async text(text: string): Promise<void> {
    if (text === '') return;
    await this.#endStderr();
    this.#wasInterrupted = false;
    await this.#print('stdout', text);
  }

  /** More of what is told beside the answer, on stderr. */
  async aside(text: string): Promise<void> {
    if (text === '') return;
    if (this.#isInLine()) {
      this.#terminal.stderr.write('\n');
      this.#wasInterrupted = true;
    }
    await this.#print('stderr', text);
  }

  /** A line of its own on stdout. */
  async line(words: string): Promise<void> {
    await this.endLine();
    await this.text(`${words}\n`);
  }

  /** Ends the lines that are open. */
  async endLine(): Promise<void> {
    if (this.#open.stdout && !(this.#isShared && this.#wasInterrupted)) await this.#print('stdout', '\n');
    this.#open.stdout = false;
    await this.#endStderr();
  }

  /** Until `null` is given a prompt waits for input, and notices leave it at the bottom. */
  promptWaits(lines: Interface | null): void {
    this.#prompting = lines;
  }

  #isInLine(): boolean {
    return this.#isShared && this.#open.stdout && !this.#wasInterrupted;
  }

  async #endStderr(): Promise<void> {
    if (this.#open.stderr) await this.#print('stderr', '\n');
  }

  async #print(name: 'stdout' | 'stderr', text: string): Promise<void> {
    const stream = this.#terminal[name];
    this.#open[name] = !text.endsWith('\n');
    await write(stream, stream.isTTY ? printable(text) : text);
  }
}
