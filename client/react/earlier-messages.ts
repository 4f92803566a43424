import type { ErrorInfo } from '../call-error.ts';
import { infoOf } from '../call-error.ts';
import type { ChatView } from '../../shared/events.ts';
import type { Message } from '../../shared/message.ts';

export interface EarlierState {
  /** Whether more was said before what is loaded. */
  readonly has: boolean;
  readonly isLoading: boolean;
  readonly error?: ErrorInfo;
}

export const noneEarlier: EarlierState = { has: false, isLoading: false };

/** The page of messages that ends where a cursor says, and the cursor of the one before it. */
export type LoadPage = (
  cursor: string,
) => Promise<{ readonly messages: readonly Message[]; readonly nextCursor: string | null }>;

/** Loads what is older than a chat's view, a page at a time, and keeps it in front of the view without a gap. */
export class EarlierMessages {
  readonly #loadPage: LoadPage;
  readonly #onChange: () => void;
  #state = noneEarlier;
  #messages: readonly Message[] = [];
  /** Where the next older page begins. */
  #cursor: string | null = null;

  constructor(loadPage: LoadPage, onChange: () => void) {
    this.#loadPage = loadPage;
    this.#onChange = onChange;
  }

  get state(): EarlierState {
    return this.#state;
  }

  /** What is loaded, oldest first. */
  get messages(): readonly Message[] {
    return this.#messages;
  }

  /**
   * Fits what is loaded to a view that may begin elsewhere than the one before, as after a snapshot: what is known from
   * before its first message stays where it joins on, and is let go where it does not.
   */
  fit(before: ChatView | null, view: ChatView): void {
    const first = view.messages[0];
    if (before && before.messages[0]?.id === first?.id && before.nextCursor === view.nextCursor) return;
    const known = [...this.#messages, ...(before?.messages ?? [])];
    const messages = known.slice(
      0,
      Math.max(
        0,
        known.findIndex(({ id }) => id === first?.id),
      ),
    );
    const joins = messages.length > 0 && messages.at(-1)?.id === first?.parentId && messages.every(isWhole);
    if (!joins) this.#cursor = view.nextCursor;
    this.#messages = joins ? messages : [];
    this.#state = { has: this.#cursor !== null, isLoading: false };
  }

  /** Loads one page more. Does nothing while one is being loaded and when there is none. */
  async load(): Promise<void> {
    const cursor = this.#cursor;
    if (cursor === null || this.#state.isLoading) return;
    this.#set({ has: true, isLoading: true });
    const loading = this.#state;
    try {
      const page = await this.#loadPage(cursor);
      // The view may begin elsewhere by now.
      if (this.#state !== loading) return;
      this.#cursor = page.nextCursor;
      this.#messages = [...page.messages, ...this.#messages];
      this.#set({ has: page.nextCursor !== null, isLoading: false });
    } catch (error) {
      if (this.#state === loading) this.#set({ has: true, isLoading: false, error: infoOf(error) });
    }
  }

  #set(state: EarlierState): void {
    this.#state = state;
    this.#onChange();
  }
}

function isWhole(message: Message): boolean {
  return message.status !== 'streaming';
}
