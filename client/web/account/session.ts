import { closeCodes } from '../../../shared/errors.ts';
import { codeOf, createChatClient } from '../../index.ts';
import type { ChatClient } from '../../index.ts';

export type SessionState =
  /** `isNamed`: with a token, so that there is something to sign out of. */
  | { readonly kind: 'in'; readonly client: ChatClient; readonly isNamed: boolean }
  /** `wasRefused`: there was a token, and the server did not accept it, or not any more. */
  | { readonly kind: 'out'; readonly wasRefused: boolean };

const key = 'token';

/**
 * Who uses this tab: nobody in particular, until the server asks for a token; then whoever enters one.
 *
 * The token stays in the tab's own storage, so that a reload asks no second time and another tab does.
 */
export class Session {
  readonly #url: string;
  readonly #listeners = new Set<() => void>();
  #state: SessionState;

  constructor(url: string) {
    this.#url = url;
    this.#state = this.#open(read());
  }

  readonly get = (): SessionState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly signIn = (token: string): void => {
    write(token);
    this.#set(this.#open(token));
  };

  /** Whoever comes next finds nothing of this one's, such as messages that were not sent yet. */
  readonly signOut = (): void => {
    if (this.#state.kind === 'in') void this.#state.client.close();
    clear();
    this.#set({ kind: 'out', wasRefused: false });
  };

  #open(token: string | null): SessionState {
    const client = createChatClient({ url: this.#url, ...(token !== null && { token }) });
    const refused = () => this.#refuse(client, token !== null);
    client.connection.subscribe(() => {
      const state = client.connection.get();
      if (state.status === 'closed' && state.code === closeCodes.unauthenticated) refused();
    });
    // The answer comes before the end of the connection does; a page full of refusals would be there in between.
    client.api.account.me.query().catch((error: unknown) => {
      if (codeOf(error) === 'UNAUTHENTICATED') refused();
    });
    return { kind: 'in', client, isNamed: token !== null };
  }

  #refuse(client: ChatClient, wasRefused: boolean): void {
    if (this.#state.kind !== 'in' || this.#state.client !== client) return;
    void client.close();
    remove();
    this.#set({ kind: 'out', wasRefused });
  }

  #set(state: SessionState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

/** A browser that lets pages store nothing throws at the first touch; the token then lives as long as the page. */
function attempt<Result>(use: (storage: Storage) => Result): Result | null {
  try {
    return use(sessionStorage);
  } catch {
    return null;
  }
}

const read = (): string | null => attempt((storage) => storage.getItem(key));
const write = (token: string) => attempt((storage) => storage.setItem(key, token));
const remove = () => attempt((storage) => storage.removeItem(key));
const clear = () => attempt((storage) => storage.clear());
