import type { ChatModelStreamEvent } from '@langchain/core/language_models/event';

/** UTF-16 units that a delta counts at least where the library copies all of its block each time, such as citations. */
const copiedUnits = 256;

/** UTF-16 units that any other event counts at least. */
const leastUnits = 16;

/** Counts what of an answer is never shown and is collected by the libraries all the same, in UTF-16 units of JSON. */
export class HiddenMeter {
  #units = 0;
  #copied = 0;

  /** Takes note of an event of which nothing is shown; all until now. */
  note(event: ChatModelStreamEvent): number {
    if (event.event === 'content-block-start') this.#add(event.content);
    if (event.event === 'content-block-delta') {
      if (event.delta.type === 'block-delta') this.#replace(event.delta);
      else this.#add(event.delta);
    }
    return this.#units;
  }

  #add(value: object): void {
    this.#units += Math.max(leastUnits, JSON.stringify(value).length);
  }

  /** Such a delta has everything before it once more. */
  #replace(value: object): void {
    const size = JSON.stringify(value).length;
    this.#units += Math.max(copiedUnits, size - this.#copied);
    this.#copied = size;
  }
}
