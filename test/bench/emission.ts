import { nowMicros } from './clock.ts';

/** Something that is due again and again. `emit` returns when it is due next, or null when it has ended. */
export interface Paced {
  emit(now: number): number | null;
}

const slotMicros = 2_000;

/**
 * Wakes any number of paced streams with one timer.
 *
 * Time is cut into slots of 2 ms; what is due in a slot goes out together. A slot that the timer missed is made up for at
 * once, and each stream counts from its own start, so that lateness never adds up.
 */
export class Emission {
  readonly #slots = new Map<number, Paced[]>();
  /** How many emissions were so many milliseconds late. */
  readonly #late = new Map<number, number>();
  #reached = 0;
  #timer: NodeJS.Timeout | undefined;

  add(stream: Paced, dueAt: number): void {
    if (this.#slots.size === 0) this.#reached = Math.floor(nowMicros() / slotMicros);
    const slot = Math.max(this.#reached + 1, Math.round(dueAt / slotMicros));
    const there = this.#slots.get(slot);
    if (there === undefined) this.#slots.set(slot, [stream]);
    else there.push(stream);
    this.#timer ??= setInterval(() => this.#tick(), slotMicros / 1_000);
  }

  /** The lateness in milliseconds that 99 of 100 emissions since the last call stayed within. */
  takeLateness(): number {
    const counts = [...this.#late].toSorted(([a], [b]) => a - b);
    const total = counts.reduce((sum, [, count]) => sum + count, 0);
    this.#late.clear();
    let seen = 0;
    return counts.find(([, count]) => (seen += count) >= total * 0.99)?.[0] ?? 0;
  }

  #tick(): void {
    const current = Math.floor(nowMicros() / slotMicros);
    while (this.#reached < current) {
      this.#reached += 1;
      const due = this.#slots.get(this.#reached);
      if (due === undefined) continue;
      this.#slots.delete(this.#reached);
      this.#emit(due, this.#reached * slotMicros);
    }
    if (this.#slots.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #emit(due: readonly Paced[], dueAt: number): void {
    const now = nowMicros();
    const late = Math.round((now - dueAt) / 1_000);
    this.#late.set(late, (this.#late.get(late) ?? 0) + due.length);
    for (const stream of due) {
      const next = stream.emit(now);
      if (next !== null) this.add(stream, next);
    }
  }
}
