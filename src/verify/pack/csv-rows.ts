/** A row of a pack has a few kilobytes. Without an end, a quote would gather a whole file. */
const LONGEST = 1024 * 1024;

/** The rows of a CSV file after RFC 4180, heading and all, out of its lines. A cell may hold line ends. */
export async function* csvRows(lines: AsyncIterable<string>): AsyncGenerator<readonly string[]> {
  let open: string[] = [];
  let length = 0;
  let even = true;
  for await (const line of lines) {
    open.push(line);
    length += line.length;
    // A row is whole where every quote has its other one.
    if (line.split('"').length % 2 === 0) even = !even;
    if (!even && length < LONGEST) continue;
    const text = open.join('\n');
    [open, length, even] = [[], 0, true];
    yield cellsOf(text.endsWith('\r') ? text.slice(0, -1) : text);
  }
  if (open.length > 0) yield cellsOf(open.join('\n'));
}

function cellsOf(row: string): readonly string[] {
  const cells: string[] = [];
  const cell = /("(?:[^"]|"")*"|[^,]*)(,|$)/gy;
  for (;;) {
    const [, text = '', end = ''] = cell.exec(row) ?? [];
    cells.push(text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text);
    if (end === '') return cells;
  }
}
