import { seeded } from '../helpers/seeded.ts';

/** Chance that follows from a seed alone. Whoever acts by itself has dice of its own, so that timing changes no throw. */
export class Dice {
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = seeded(seed);
  }

  /** From 0 up to just below 1. */
  readonly roll = (): number => this.#random();

  /** A whole number, both ends included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.#random() * (most - least + 1));
  }

  /** Small numbers as often as large ones: what matters of a place is its order of magnitude. */
  magnitude(most: number): number {
    return Math.floor(Math.exp(this.#random() * Math.log(most + 1))) - 1;
  }

  chance(probability: number): boolean {
    return this.#random() < probability;
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[Math.floor(this.#random() * items.length)];
    if (item === undefined) throw new Error('expected at least one thing to pick from, got none');
    return item;
  }

  /** Dice for somebody else; what is thrown with them changes nothing here. */
  fork(): Dice {
    return new Dice(Math.floor(this.#random() * 2 ** 32));
  }
}
