// Text tables: the first column to the left, numbers to the right.

/** Rows of cells, the first row is the heading; undefined is printed as '-'. */
export function textTable(rows) {
  const cells = rows.map((row) => row.map((cell) => (cell === undefined ? '-' : String(cell))));
  const widths = cells[0].map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  const line = (row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column])))
      .join('  ');
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  return [line(cells[0]), rule, ...cells.slice(1).map(line)].map((text) => text.trimEnd()).join('\n');
}

/** Fixed digits; undefined for what was not measured. */
export const digits = (value, places) =>
  value === undefined || !Number.isFinite(value) ? undefined : value.toFixed(places);
