import type { Dice } from './dice.ts';

/** How a link ends by itself. After `half-open` bytes are swallowed, after `stalled` nobody reads; neither end is told. */
export type LinkEnd = 'reset' | 'close' | 'half-open' | 'stalled';

/** What one TCP link is like, and where it breaks. */
export interface LinkFate {
  /** Milliseconds that every piece takes, and at most so many more. Pieces stay in their order. */
  readonly latencyMs: number;
  readonly jitterMs: number;
  readonly bytesPerSecond: number;
  /** Bytes of the largest piece that arrives at once. */
  readonly sliceBytes: number;
  /** After so many bytes from the server (`down`) or to it (`up`). Null: it lasts. */
  readonly end: { readonly lane: 'up' | 'down'; readonly afterBytes: number; readonly how: LinkEnd } | null;
}

export const calm: LinkFate = {
  latencyMs: 0,
  jitterMs: 0,
  bytesPerSecond: Infinity,
  sliceBytes: Infinity,
  end: null,
};

/** Bytes of an upgrade with the first calls, and of its answer: inside them as well a link may end. */
const opening = { up: 600, down: 130 };
/** Bytes after those at most. */
const farthest = { up: 2_000, down: 60_000 };

/** A frame that is larger than every link would never get through: each link before adds this factor to the reach. */
const patience = 1.2;

function drawEnd(dice: Dice, lane: 'up' | 'down', before: number): number {
  if (dice.chance(0.1)) return dice.between(0, opening[lane]);
  return Math.floor(opening[lane] + dice.magnitude(farthest[lane]) + 100 * patience ** before);
}

/**
 * @param before links that there were before this one
 * @param ends which may happen; a client that finds a silent link only by its heartbeat is slow with the last two
 */
export function drawFate(dice: Dice, before: number, ends: readonly LinkEnd[]): LinkFate {
  const lane = dice.chance(0.85) ? 'down' : 'up';
  return {
    latencyMs: dice.chance(0.5) ? 0 : dice.between(1, 15),
    jitterMs: dice.chance(0.5) ? 0 : dice.between(1, 15),
    bytesPerSecond: dice.chance(0.7) ? Infinity : dice.between(30_000, 500_000),
    sliceBytes: dice.chance(0.6) ? Infinity : dice.between(1, 200),
    end: { lane, afterBytes: drawEnd(dice, lane, before), how: dice.pick(ends) },
  };
}
