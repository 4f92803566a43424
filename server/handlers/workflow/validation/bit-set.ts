const wordBits = 32;

/** A set of small numbers, for graphs in which every node knows of every other. */
export class BitSet {
  readonly #words: Uint32Array;

  constructor(size: number | Uint32Array) {
    this.#words = typeof size === 'number' ? new Uint32Array(Math.ceil((size + 1) / wordBits)) : size;
  }

  copy(): BitSet {
    return new BitSet(this.#words.slice());
  }

  has(number: number): boolean {
    return ((this.#words[Math.floor(number / wordBits)] ?? 0) & (1 << (number % wordBits))) !== 0;
  }

  add(number: number): this {
    const word = Math.floor(number / wordBits);
    this.#words[word] = (this.#words[word] ?? 0) | (1 << (number % wordBits));
    return this;
  }

  delete(number: number): this {
    const word = Math.floor(number / wordBits);
    this.#words[word] = (this.#words[word] ?? 0) & ~(1 << (number % wordBits));
    return this;
  }

  unite(other: BitSet): this {
    other.#words.forEach((word, place) => (this.#words[place] = (this.#words[place] ?? 0) | word));
    return this;
  }

  intersect(other: BitSet): this {
    other.#words.forEach((word, place) => (this.#words[place] = (this.#words[place] ?? 0) & word));
    return this;
  }
}
