import type { Server } from '../index.ts';

export interface StoppingOptions {
  readonly server: Pick<Server, 'census' | 'close' | 'drain'>;
  readonly drainSeconds: number;
  /** Milliseconds, from anywhere. */
  readonly now: () => number;
  /** Shows a line to whoever stops the server. */
  readonly tell: (words: string) => void;
  readonly exit: (code: number) => void;
}

/**
 * Milliseconds in which a second Ctrl-C is the first one once more: npm passes it on to a process that has it from the
 * terminal already. Nobody presses twice as fast on purpose.
 */
const echoMs = 400;

/** Milliseconds that a server in a hurry gets to store what answers have. */
const hurryMs = 4_000;

/**
 * Stops the server at the first signal: it lets answers end, closes everything and exits with 0. A further SIGTERM
 * changes nothing; a further Ctrl-C ends the answers at once, `interrupted` with what they have.
 */
export class Stopping {
  readonly #options: StoppingOptions;
  #began: number | null = null;
  #isHurried = false;

  constructor(options: StoppingOptions) {
    this.#options = options;
  }

  signal(name: 'SIGINT' | 'SIGTERM'): void {
    const { now } = this.#options;
    if (this.#began === null) {
      this.#began = now();
      void this.#stop();
    } else if (name === 'SIGINT' && !this.#isHurried && now() - this.#began >= echoMs) {
      this.#isHurried = true;
      this.#hurry();
    }
  }

  async #stop(): Promise<void> {
    const { drainSeconds, exit, server, tell } = this.#options;
    const { runs } = server.census();
    if (runs > 0 && drainSeconds > 0) {
      const answers = runs === 1 ? '1 answer' : `${runs} answers`;
      tell(`Stopping: waiting up to ${drainSeconds} s for ${answers}; press Ctrl-C again to leave at once.`);
    }
    await server.drain(drainSeconds * 1_000);
    await server.close();
    exit(0);
  }

  #hurry(): void {
    const { exit, server, tell } = this.#options;
    tell('Leaving at once: answers that are not finished are kept as far as they came.');
    void server.drain(0);
    setTimeout(() => exit(1), hurryMs).unref();
  }
}
