/** Lines in which the cells of a column stand under each other: words at the left, what ends in a digit at the right. */
export function alignedRows(rows: readonly (readonly string[])[]): string[] {
  const columns = Math.max(0, ...rows.map((cells) => cells.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((cells) => (cells[column] ?? '').length)),
  );
  const isNumeric = widths.map((_, column) => rows.slice(1).every((cells) => /^~?\d+$/.test(cells[column] ?? '')));
  return rows.map((cells) =>
    widths
      .map((width, column) => {
        const cell = cells[column] ?? '';
        return isNumeric[column] ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd(),
  );
}
