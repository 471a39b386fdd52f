/** The rows of a CSV file after RFC 4180, heading and all, out of its lines. A cell may hold line ends. */
export async function* csvRows(lines: AsyncIterable<string>): AsyncGenerator<readonly string[]> {
  let open = '';
  for await (const line of lines) {
    const text = open === '' ? line : `${open}\n${line}`;
    // A row is whole where every quote has its other one.
    if (text.split('"').length % 2 === 0) {
      open = text;
      continue;
    }
    open = '';
    yield cellsOf(text.endsWith('\r') ? text.slice(0, -1) : text);
  }
  if (open !== '') yield cellsOf(open);
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
