interface Kept<Value> {
  readonly value: Value;
  readonly weight: number;
}

/**
 * Values by key, made when first asked for. While all of them weigh more than `capacity`, the one that was asked for longest
 * ago is dropped; the newest stays, whatever it weighs.
 */
export class LeastRecent<Key, Value> {
  readonly #values = new Map<Key, Kept<Value>>();
  readonly #capacity: number;
  #weight = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#values.size;
  }

  /** Errors: those of `make`; then nothing is kept. */
  get(key: Key, make: () => Value, weight = 1): Value {
    const kept = this.#values.get(key) ?? { value: make(), weight };
    this.#remove(key);
    this.#values.set(key, kept);
    this.#weight += kept.weight;
    for (const oldest of this.#values.keys()) {
      if (this.#weight <= this.#capacity || oldest === key) break;
      this.#remove(oldest);
    }
    return kept.value;
  }

  /** Does nothing where the key has another value by now. */
  drop(key: Key, value: Value): void {
    if (this.#values.get(key)?.value === value) this.#remove(key);
  }

  #remove(key: Key): void {
    this.#weight -= this.#values.get(key)?.weight ?? 0;
    this.#values.delete(key);
  }
}
