/**
 * Values by key, made when first asked for. Past `capacity` the one that was asked for longest ago is dropped; a value
 * that rejects is dropped too, so that the next one who asks may have more luck.
 */
export class Cache<Value extends Promise<unknown>> {
  readonly #values = new Map<string, Value>();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#values.size;
  }

  get(key: string, make: () => Value): Value {
    const known = this.#values.get(key);
    const value = known ?? make();
    this.#values.delete(key);
    this.#values.set(key, value);
    if (!known) this.#settle(key, value);
    return value;
  }

  #settle(key: string, value: Value): void {
    value.catch(() => {
      if (this.#values.get(key) === value) this.#values.delete(key);
    });
    const [oldest] = this.#values.keys();
    if (this.#values.size > this.#capacity && oldest !== undefined) this.#values.delete(oldest);
  }
}
