import type { ChatView } from '../../shared/events.ts';
import { parseCursor } from '../../shared/cursor.ts';
import { fold } from '../../shared/fold.ts';
import type { ChatId } from '../../shared/ids.ts';
import { RawClient } from '../helpers/raw-client.ts';
import type { RawStream } from '../helpers/raw-client.ts';
import { addTally, newTally } from './tally.ts';
import type { Tally } from './tally.ts';
import { audit } from './audit.ts';
import type { AnswerTo, Segment, Turnings } from './audit.ts';

/** Where a reader goes on: after its last event, some events before it, without a cursor, or with what is none. */
export type From = { readonly eventsBack: number } | 'nowhere' | 'nonsense';

/** Keeps a chat's view over any number of sockets, and everything that came, to be judged at the end. */
export class Reader {
  readonly chatId: ChatId;
  readonly #segments: (Segment & { readonly stream: RawStream })[] = [];
  #client: RawClient | null = null;
  #turn = 0;

  constructor(chatId: ChatId) {
    this.chatId = chatId;
  }

  get view(): ChatView | null {
    const last = this.#segments.at(-1);
    return last ? last.stream.view : null;
  }

  /** The newest stream, whether or not its socket still lives. */
  get stream(): RawStream | null {
    return this.#segments.at(-1)?.stream ?? null;
  }

  /** Streams that were ever opened. */
  get streams(): number {
    return this.#segments.length;
  }

  get isConnected(): boolean {
    const hasEnded = this.stream?.error !== null || this.stream.isStopped;
    return this.#client !== null && this.#client.closeCode === null && !hasEnded;
  }

  /** Connected, and not stalled. */
  get isReading(): boolean {
    return this.isConnected && this.#client?.socket.isPaused === false;
  }

  /**
   * Opens a socket and a stream on it; null when another one was opened meanwhile. What comes on the socket before is
   * not looked at any more, but it is left open: nobody closes a half-open link.
   */
  async connect(url: string, from: From): Promise<RawClient | null> {
    const turn = (this.#turn += 1);
    const client = await RawClient.connect(url);
    if (turn !== this.#turn) {
      client.cut();
      return null;
    }
    this.#client?.socket.removeAllListeners('message');
    this.#client = client;
    const { cursor, view } = this.#placeFrom(from);
    const stream = client.stream({ chatId: this.chatId, lastEventId: cursor }, view);
    this.#segments.push({ chatId: this.chatId, cursor, view, received: stream.received, stream });
    return client;
  }

  cut(): void {
    this.#client?.cut();
    this.#client = null;
  }

  /** Reads nothing from its socket until `goOn`. */
  stall(): void {
    if (this.isConnected) this.#client?.socket.pause();
  }

  goOn(): void {
    if (this.isConnected) this.#client?.socket.resume();
  }

  judge(answerTo: AnswerTo, turnings?: Turnings): { violations: string[]; tally: Tally } {
    const tally = newTally();
    const violations = this.#segments.flatMap((segment, index) => {
      const finding = audit(segment, answerTo, turnings);
      addTally(tally, finding.tally);
      return finding.violations.map((violation) => `stream ${index}: ${violation}`);
    });
    return { violations, tally };
  }

  /** A cursor, and the view to go on with: the newest one where nothing has replaced it since, else that of then. */
  #placeFrom(from: From): { cursor: string | null; view: ChatView | null } {
    const { view } = this;
    const last = this.#segments.at(-1);
    if (from === 'nowhere' || !view || !last) return { cursor: null, view };
    if (from === 'nonsense') return { cursor: 'no cursor of any chat', view };
    // Not a newer place of an earlier stream: it may be ahead of this view.
    if (last.received.length === 0) return { cursor: last.cursor, view };
    const all = this.#segments.flatMap((segment) =>
      segment.received.map(({ cursor, event }, index) => ({ segment, index, cursor, event })),
    );
    const place = Math.max(0, all.length - 1 - from.eventsBack);
    const { segment = last, index = 0, cursor = null } = all[place] ?? {};
    const isReplaced = all.slice(place + 1).some(({ event }) => event.type === 'snapshot');
    const isAhead = isBehind(this.chatId, all.at(-1)?.cursor ?? null, cursor);
    return { cursor, view: isReplaced || isAhead ? foldUpTo(segment, index) : view };
  }
}

/** Whether one cursor stands before another. */
function isBehind(chatId: ChatId, one: string | null, other: string | null): boolean {
  const [first, second] = [one, other].map((cursor) => (cursor === null ? null : parseCursor(chatId, cursor)));
  if (!first || !second) return false;
  return first.chatSeq < second.chatSeq || (first.chatSeq === second.chatSeq && first.runSeq < second.runSeq);
}

function foldUpTo({ view: begin, received }: Segment, index: number): ChatView | null {
  return received.slice(0, index + 1).reduce<ChatView | null>((view, { event }) => fold(view, event), begin);
}
