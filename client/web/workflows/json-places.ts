/** A JSON text, read: what it says, and where each part of it stands. */
export interface ReadText {
  readonly value: unknown;
  /**
   * The line, from 1, of the part with this path, such as `nodes.2.title`. Of a part that is not there it is that of what
   * it would be in.
   */
  readonly lineOf: (path: string) => number;
}

/** Where a text stops being JSON. */
export interface JsonMistake {
  readonly line: number;
  readonly mistake: string;
}

/** Levels of lists and objects that are read; each is a call on the stack. */
const deepest = 200;

/** Reads JSON and remembers where everything stands, or tells the line of the first mistake. */
export function readJson(text: string): ReadText | JsonMistake {
  const reader = new JsonReader(text);
  const lineAt = linesOf(text);
  try {
    const value = reader.whole();
    const lineOf = (path: string): number => {
      const place = reader.places.get(path);
      if (place !== undefined) return lineAt(place);
      return path === '' ? 1 : lineOf(path.includes('.') ? path.slice(0, path.lastIndexOf('.')) : '');
    };
    return { value, lineOf };
  } catch (error) {
    if (!(error instanceof Mistake)) throw error;
    return { line: lineAt(error.place), mistake: error.message };
  }
}

class Mistake extends Error {
  readonly place: number;

  constructor(message: string, place: number) {
    super(message);
    this.place = place;
  }
}

class JsonReader {
  readonly places = new Map<string, number>();
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): unknown {
    const value = this.#value('', 0);
    this.#skipSpace();
    if (this.#at < this.#text.length) this.#fail('the end');
    return value;
  }

  #value(path: string, depth: number): unknown {
    this.#skipSpace();
    // The name of a field stands before its value, and is its place.
    if (!this.places.has(path)) this.places.set(path, this.#at);
    if (depth > deepest) throw new Mistake(`more than ${deepest} levels of lists and objects`, this.#at);
    const first = this.#text[this.#at];
    if (first === '{') return this.#object(path, depth);
    if (first === '[') return this.#list(path, depth);
    return first === '"' ? this.#string() : this.#word();
  }

  #object(path: string, depth: number): Record<string, unknown> {
    const fields: [string, unknown][] = [];
    this.#each('}', () => {
      this.#skipSpace();
      const place = this.#at;
      if (this.#text[place] !== '"') this.#fail('the name of a field, in double quotes');
      const name = this.#string();
      const at = join(path, name);
      this.places.set(at, place);
      this.#skipSpace();
      if (this.#text[this.#at] !== ':') this.#fail('a colon');
      this.#at += 1;
      fields.push([name, this.#value(at, depth + 1)]);
    });
    return Object.fromEntries(fields);
  }

  #list(path: string, depth: number): unknown[] {
    const items: unknown[] = [];
    this.#each(']', () => items.push(this.#value(join(path, String(items.length)), depth + 1)));
    return items;
  }

  /** What stands between brackets, with commas between. */
  #each(end: '}' | ']', read: () => void): void {
    this.#at += 1;
    this.#skipSpace();
    if (this.#text[this.#at] === end) {
      this.#at += 1;
      return;
    }
    for (;;) {
      read();
      this.#skipSpace();
      const next = this.#text[this.#at];
      if (next !== ',' && next !== end) this.#fail(`a comma or ${end}`);
      this.#at += 1;
      if (next === end) return;
    }
  }

  #string(): string {
    const found = /"(?:[^"\\\n\r]|\\.)*"/y;
    found.lastIndex = this.#at;
    const [written] = found.exec(this.#text) ?? [];
    if (written === undefined) throw new Mistake('this text has no end on its line', this.#at);
    try {
      const text: unknown = JSON.parse(written);
      this.#at += written.length;
      return text as string;
    } catch {
      throw new Mistake('in a text \\ stands before one of " \\ / b f n r t u, and before what has no sign', this.#at);
    }
  }

  #word(): unknown {
    const found = /[-+.\w]+/y;
    found.lastIndex = this.#at;
    const [written = ''] = found.exec(this.#text) ?? [];
    if (!/^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?)$/.test(written)) this.#fail('a value');
    this.#at += written.length;
    return JSON.parse(written) as unknown;
  }

  #skipSpace(): void {
    const space = /[ \t\n\r]*/y;
    space.lastIndex = this.#at;
    this.#at += space.exec(this.#text)?.[0].length ?? 0;
  }

  #fail(expected: string): never {
    const [got = ''] = /^[-+.\w]+|^./u.exec(this.#text.slice(this.#at, this.#at + 40)) ?? [];
    throw new Mistake(`expected ${expected}, got ${got === '' ? 'the end' : got}`, this.#at);
  }
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

/** Tells the line of a place, from 1. */
function linesOf(text: string): (place: number) => number {
  const ends = Array.from(text.matchAll(/\n/g), ({ index }) => index);
  return (place) => {
    let low = 0;
    for (let high = ends.length; low < high;) {
      const middle = (low + high) >> 1;
      if ((ends[middle] ?? 0) < place) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  };
}
