/** Markdown as far as the tests of the documentation need it. */

export interface Block {
  /** The word after the fence: `json`, `cedar`, …; empty for a block that is indented. */
  readonly language: string;
  readonly text: string;
  /** 1-based, of its first line. */
  readonly line: number;
}

const FENCE = /^```(\w*)[^\n]*\n(.*?)^```/gms;
/** Four spaces or more after an empty line: a block in the older way. */
const INDENTED = /(?<=\n\n)(?: {4}[^\n]*\n)+/g;
const CODE = /`([^`\n]+)`/g;

export function blocksOf(page: string): readonly Block[] {
  return [
    ...[...page.matchAll(FENCE)].map(({ 1: language = '', 2: text = '', index }) => ({
      language,
      text,
      line: page.slice(0, index).split('\n').length + 1,
    })),
    ...[...page.replace(FENCE, blank).matchAll(INDENTED)].map(({ 0: text, index }) => ({
      language: '',
      text,
      line: page.slice(0, index).split('\n').length,
    })),
  ];
}

/** Every piece of code: lines of blocks, and spans between backticks. A line that ends in a backslash goes on. */
export function codeOf(page: string): readonly string[] {
  const lines = blocksOf(page).flatMap(({ text }) => text.replaceAll(/\\\n\s*/g, ' ').split('\n'));
  const spans = [...page.replace(FENCE, blank).matchAll(CODE)].map(([, span = '']) => span);
  return [...lines, ...spans];
}

/** Targets of links, without those inside code. */
export function linksOf(page: string): readonly string[] {
  const prose = page.replace(FENCE, blank).replace(CODE, 'code');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
}

/** The ids that GitHub gives the headings of a page. */
export function anchorsOf(page: string): ReadonlySet<string> {
  const seen = new Map<string, number>();
  const anchors = new Set<string>();
  for (const [, heading = ''] of page.replace(FENCE, blank).matchAll(/^#{1,6} +(.+?) *$/gm)) {
    const text = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const slug = text.replaceAll(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-');
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    anchors.add(times === 0 ? slug : `${slug}-${times}`);
  }
  return anchors;
}

/** Rows of the tables whose head is exactly this, cell by cell. Bars inside backticks are written `\|`. */
export function rowsOf(page: string, head: readonly string[]): readonly (readonly string[])[] {
  const rows: (readonly string[])[] = [];
  let within = false;
  for (const line of page.split('\n')) {
    const cells = line.startsWith('|') ? cellsOf(line) : null;
    if (cells === null) within = false;
    else if (cells.join('|') === head.join('|')) within = true;
    else if (within && !cells.every((cell) => /^-+$/.test(cell))) rows.push(cells);
  }
  return rows;
}

/** What stands between the backticks of a cell. */
export function codeIn(cell: string | undefined): string {
  const [, code] = /^`(.*)`$/.exec(cell ?? '') ?? [];
  if (code === undefined) throw new Error(`no code: ${cell}`);
  return code;
}

function cellsOf(line: string): readonly string[] {
  return line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));
}

function blank(text: string): string {
  return text.replaceAll(/[^\n]/g, ' ');
}
