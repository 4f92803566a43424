/** Names that are offered at most. */
const offered = 3;

/** The names that are most like the wanted one, the most alike first; those that differ in nearly everything come too. */
export function nearest(wanted: string, names: readonly string[]): string[] {
  const unlike = new Map(names.map((name) => [name, unlikeness(wanted.toLowerCase(), name.toLowerCase())]));
  return names.toSorted((a, b) => (unlike.get(a) ?? 0) - (unlike.get(b) ?? 0)).slice(0, offered);
}

/** One that contains the other is nearer than any change of letters makes it. */
function unlikeness(a: string, b: string): number {
  const isPart = a.includes(b) || b.includes(a);
  return distance(a, b) / (isPart ? 100 : 1);
}

/** Letters to insert, remove or replace (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of Array.from(a).entries()) {
    let corner = i;
    row = row.map((above, j) => {
      if (j === 0) return i + 1;
      const cost = Math.min(above + 1, corner + (b[j - 1] === letter ? 0 : 1));
      corner = above;
      return cost;
    });
    for (let j = 1; j < row.length; j += 1) row[j] = Math.min(row[j] ?? 0, (row[j - 1] ?? 0) + 1);
  }
  return row.at(-1) ?? 0;
}
