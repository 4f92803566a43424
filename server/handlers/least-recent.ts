/** Values by key, made when first asked for. Past `capacity` the one that was asked for longest ago is dropped. */
export class LeastRecent<Key, Value> {
  readonly #values = new Map<Key, Value>();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#values.size;
  }

  /** Errors: those of `make`; then nothing is kept. */
  get(key: Key, make: () => Value): Value {
    const value = this.#values.has(key) ? (this.#values.get(key) as Value) : make();
    this.#values.delete(key);
    this.#values.set(key, value);
    const [oldest] = this.#values.keys();
    if (this.#values.size > this.#capacity) this.#values.delete(oldest as Key);
    return value;
  }

  /** Does nothing where the key has another value by now. */
  drop(key: Key, value: Value): void {
    if (this.#values.get(key) === value) this.#values.delete(key);
  }
}
