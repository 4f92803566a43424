import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';

/** Where a command reads and writes, and how it is interrupted. */
export interface Terminal {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable & { readonly isTTY?: boolean };
  /**
   * Calls the listener at each Ctrl-C (and at other signals, where they are named) instead of ending the process; returns
   * what ends that.
   */
  readonly onInterrupt: (listener: () => void, signals?: readonly NodeJS.Signals[]) => () => void;
  /** Ends the process with this code once everything is written. */
  exit(code: number): void;
}

/** Milliseconds that something which was left open may keep the process alive. */
const lingerMs = 1_000;

export function processTerminal(): Terminal {
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    onInterrupt(listener, signals = ['SIGINT']) {
      for (const signal of signals) process.on(signal, listener);
      return () => {
        for (const signal of signals) process.off(signal, listener);
      };
    },
    exit(code) {
      process.exitCode = code;
      setTimeout(() => process.exit(), lingerMs).unref();
    },
  };
}

/** Ends the process quietly when whoever reads the output has gone (`switchboard ask … | head -1`). */
export function quitWhenUnread(terminal: Terminal): void {
  for (const stream of [terminal.stdout, terminal.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      process.exit(0);
    });
  }
}

/** Resolves when the stream takes more: a slow reader of the output slows the command, and nothing piles up. */
export async function write(stream: Writable, text: string): Promise<void> {
  if (!stream.write(text)) await once(stream, 'drain');
}

/** Without the control characters by which a text could command the terminal: they become U+FFFD. */
export function printable(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what it is about
  return text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\uFFFD');
}
