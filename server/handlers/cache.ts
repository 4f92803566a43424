import { LeastRecent } from './least-recent.ts';

/**
 * Values by key, made when first asked for. Past `capacity` the one that was asked for longest ago is dropped; a value
 * that rejects is dropped too, so that the next one who asks may have more luck.
 */
export class Cache<Value extends Promise<unknown>> {
  readonly #values: LeastRecent<string, Value>;

  constructor(capacity: number) {
    this.#values = new LeastRecent(capacity);
  }

  get size(): number {
    return this.#values.size;
  }

  /** @param weight of what is made, as `LeastRecent` has it */
  get(key: string, make: () => Value, weight = 1): Value {
    const makeKept = () => {
      const value = make();
      value.catch(() => this.#values.drop(key, value));
      return value;
    };
    return this.#values.get(key, makeKept, weight);
  }
}
