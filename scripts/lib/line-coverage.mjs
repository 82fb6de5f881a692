// What gcov counted, summed up by file. One header stands in many objects, and one object's counts are those of
// every test that links it: a line was executed if it was anywhere.

/**
 * Adds up documents of `gcov --json-format` for the sources below `folder`.
 * Returns a Map: path -> Map: line -> times executed.
 */
export function sumLines(documents, folder) {
  const files = new Map();
  for (const { current_working_directory: cwd = '', files: sources } of documents) {
    for (const { file, lines } of sources) {
      const path = file.startsWith('/') ? file : `${cwd}/${file}`;
      if (!path.startsWith(`${folder}/`)) continue;
      const counts = files.get(path) ?? new Map();
      files.set(path, counts);
      for (const { line_number: line, count } of lines) counts.set(line, (counts.get(line) ?? 0) + count);
    }
  }
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Line numbers as ranges: '3-5, 9'. */
export function ranges(numbers) {
  const found = [];
  for (const number of numbers) {
    const last = found.at(-1);
    if (last && last[1] + 1 === number) last[1] = number;
    else found.push([number, number]);
  }
  return found.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ');
}

/** { rows: { path, lines, executed, missed: line numbers }[], lines, executed, percent } */
export function summarize(files) {
  const rows = [...files].map(([path, counts]) => ({
    path,
    lines: counts.size,
    executed: [...counts.values()].filter((count) => count > 0).length,
    missed: [...counts]
      .filter(([, count]) => count === 0)
      .map(([line]) => line)
      .sort((a, b) => a - b),
  }));
  const lines = rows.reduce((sum, row) => sum + row.lines, 0);
  const executed = rows.reduce((sum, row) => sum + row.executed, 0);
  return { rows, lines, executed, percent: percentOf(executed, lines) };
}

const percentOf = (part, whole) => (whole === 0 ? 0 : (100 * part) / whole);

/** One line a file and the total, as text; paths without `folder`. */
export function coverageText({ rows, lines, executed, percent }, folder) {
  const line = (name, part, whole, share, missed) =>
    `${name.padEnd(24)} ${`${part}/${whole}`.padStart(10)} ${share.toFixed(1).padStart(6)} %${missed && `  not: ${missed}`}`;
  return [
    ...rows.map((row) =>
      line(
        row.path.slice(folder.length + 1),
        row.executed,
        row.lines,
        percentOf(row.executed, row.lines),
        ranges(row.missed),
      ),
    ),
    line('all', executed, lines, percent, ''),
  ].join('\n');
}
