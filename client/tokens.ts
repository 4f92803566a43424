/** A token, or what gets one: asked for each socket, and again before the token that it gave has ended. */
export type TokenSource = string | (() => string | Promise<string>);

/** Tokens that the server may refuse one after the other before it is believed that none will do. */
const refusalsInARow = 3;

/** Knows which token is in use, and when another one is worth a try. */
export class Tokens {
  readonly #source: TokenSource | undefined;
  #current: string | undefined;
  #refused: string | undefined;
  #refusals = 0;

  /** @param source absent where the server asks nobody who they are */
  constructor(source: TokenSource | undefined) {
    this.#source = source;
  }

  /** Whether there is a token at all. */
  get areGiven(): boolean {
    return this.#source !== undefined;
  }

  /** Whether the next token may be another one. */
  get areRenewable(): boolean {
    return typeof this.#source === 'function';
  }

  /** The one that the newest socket was opened with, or that was handed over on it. */
  get current(): string | undefined {
    return this.#current;
  }

  /** Whether the server has refused the current one, and the source knows no other. */
  get isRefused(): boolean {
    return this.#current !== undefined && this.#current === this.#refused;
  }

  /** Asks the source. Errors: what it throws. */
  async next(): Promise<string | undefined> {
    this.#current = typeof this.#source === 'function' ? await this.#source() : this.#source;
    return this.#current;
  }

  /** The server has taken the current one. */
  accept(): void {
    this.#refusals = 0;
  }

  /** The server has refused the current one. False when no other one is worth a try. */
  refuse(): boolean {
    this.#refusals += 1;
    this.#refused = this.#current;
    return this.areRenewable && this.#refusals < refusalsInARow;
  }
}
