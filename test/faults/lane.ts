import type { Socket } from 'node:net';
import type { LinkEnd, LinkFate } from './link-fate.ts';

interface LaneOptions {
  readonly fate: LinkFate;
  readonly lane: 'up' | 'down';
  readonly random: () => number;
  readonly onEndReached: (how: LinkEnd) => void;
}

interface Piece {
  readonly bytes: Buffer;
  /** Milliseconds of `performance.now()`. */
  readonly due: number;
  readonly isLast: boolean;
}

/** Bytes under way at most; past it nothing more is read, so that a slow link pushes back like a real one. */
const capacity = 262_144;

/** One direction of a link: takes bytes from one socket and hands them to the other, late, in pieces, up to an end. */
export class Lane {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #options: LaneOptions;
  readonly #pieces: Piece[] = [];
  #underWay = 0;
  #taken = 0;
  #lastDue = 0;
  #timer: NodeJS.Timeout | null = null;
  #state: 'open' | 'from has ended' | 'stopped' = 'open';

  constructor(from: Socket, to: Socket, options: LaneOptions) {
    this.#from = from;
    this.#to = to;
    this.#options = options;
    from.on('data', (bytes: Buffer) => this.#take(bytes));
    from.on('end', () => this.#fromEnded());
    from.on('close', () => this.#fromEnded());
    to.on('drain', () => this.#move());
  }

  /** Hands over nothing more and forgets what is under way; the sockets stay whoever's they are. */
  stop(): void {
    this.#state = 'stopped';
    this.#pieces.length = 0;
    if (this.#timer) clearTimeout(this.#timer);
  }

  #take(bytes: Buffer): void {
    if (this.#state === 'stopped') return;
    const { fate, lane } = this.#options;
    const room = fate.end?.lane === lane ? fate.end.afterBytes - this.#taken : Infinity;
    const taken = bytes.length < room ? bytes : bytes.subarray(0, room);
    this.#taken += bytes.length;
    const step = Math.min(fate.sliceBytes, Math.max(taken.length, 1));
    for (let at = 0; at < taken.length; at += step) this.#push(taken.subarray(at, at + step), false);
    if (bytes.length >= room) this.#push(Buffer.alloc(0), true);
    if (this.#underWay > capacity) this.#from.pause();
    this.#move();
  }

  #push(bytes: Buffer, isLast: boolean): void {
    const { fate, random } = this.#options;
    const arrives = performance.now() + fate.latencyMs + fate.jitterMs * random();
    this.#lastDue = Math.max(arrives, this.#lastDue) + (bytes.length / fate.bytesPerSecond) * 1_000;
    this.#underWay += bytes.length;
    this.#pieces.push({ bytes, due: this.#lastDue, isLast });
  }

  #move(): void {
    if (this.#timer) clearTimeout(this.#timer);
    for (let piece = this.#pieces[0]; piece; piece = this.#pieces[0]) {
      if (this.#to.writableNeedDrain) return;
      const waitMs = piece.due - performance.now();
      if (waitMs > 0) {
        this.#timer = setTimeout(() => this.#move(), waitMs);
        return;
      }
      this.#pieces.shift();
      this.#hand(piece);
    }
    if (this.#state === 'from has ended') this.#to.end();
  }

  #hand({ bytes, isLast }: Piece): void {
    const { fate, onEndReached } = this.#options;
    this.#underWay -= bytes.length;
    if (bytes.length > 0 && this.#to.writable) this.#to.write(bytes);
    if (isLast && fate.end) onEndReached(fate.end.how);
    else if (this.#underWay <= capacity && this.#from.isPaused()) this.#from.resume();
  }

  #fromEnded(): void {
    if (this.#state === 'stopped') return;
    this.#state = 'from has ended';
    this.#move();
  }
}
