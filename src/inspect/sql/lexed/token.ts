/**
 * - `word`: bare identifier or keyword; `text` as written.
 * - `quoted`: an identifier in the quotes that always make one.
 * - `double`: between double quotes, which make a string or an identifier as the engine is set.
 * - `string`: any string literal, introducer included.
 */
export interface Token {
  readonly kind: 'word' | 'quoted' | 'double' | 'string' | 'number' | 'symbol' | 'parameter' | 'variable';
  /** A word, symbol, number, parameter or variable as written; the content of anything quoted. */
  readonly text: string;
  /** Offsets into the text, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

/** Whether the token is this bare word, in any case. */
export function isWord(token: Token | undefined, ...words: readonly string[]): boolean {
  if (token?.kind !== 'word') return false;
  const { text } = token;
  for (const word of words) if (word.length === text.length && word === text.toLowerCase()) return true;
  return false;
}

export function isSymbol(token: Token | undefined, symbol: string): boolean {
  return token?.kind === 'symbol' && token.text === symbol;
}

/** The statements between semicolons, without empty ones. */
export function splitStatements(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const statements: Token[][] = [[]];
  for (const token of tokens) {
    if (isSymbol(token, ';')) statements.push([]);
    else statements.at(-1)?.push(token);
  }
  return statements.filter((statement) => statement.length > 0);
}

/** `a.b.c` from `at` on: its parts, folded, and where it ends; null where no name stands there. */
export function nameAt(
  tokens: readonly Token[],
  at: number,
): { readonly path: readonly string[]; readonly end: number } | null {
  const path: string[] = [];
  let index = at;
  for (;;) {
    const token = tokens[index];
    if (token === undefined || !['word', 'quoted', 'double'].includes(token.kind)) return null;
    path.push(fold(token.text));
    if (!isSymbol(tokens[index + 1], '.')) return { path, end: index + 1 };
    index += 2;
  }
}

/** Only ASCII: what lies beyond is folded by each engine in its own way, and never to ASCII. */
export function fold(name: string): string {
  if (!/[A-Z]/.test(name)) return name;
  return /^\p{ASCII}*$/u.test(name)
    ? name.toLowerCase()
    : name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
