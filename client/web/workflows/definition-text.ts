/** What a reader looks for first, in the order in which they do: what something is, then what it says. */
const names = ['nodes', 'edges', 'id', 'key', 'title', 'label', 'type', 'mode', 'kind', 'from', 'to', 'branch'];
const contents = ['model', 'system', 'prompt', 'text', 'tool', 'method', 'url', 'match', 'left', 'operator', 'right'];

/** The rest is in the order of the alphabet. */
const rank = new Map([...names, ...contents].map((name, index) => [name, index]));

/** A definition as it is edited. The database keeps no order of fields; here they have one that can be read. */
export function textOf(definition: unknown): string {
  return JSON.stringify(definition, readable, 2);
}

function readable(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => compare(one, other)));
}

function compare(one: string, other: string): number {
  const difference = (rank.get(one) ?? rank.size) - (rank.get(other) ?? rank.size);
  return difference === 0 ? (one < other ? -1 : 1) : difference;
}
