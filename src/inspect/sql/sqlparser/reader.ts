import type { CanonicalString } from '../lexed/canonical.ts';
import type { Expr, Query, Statement } from '../statement.ts';
import { list, node, only, text, tree } from '../read-tree.ts';
import { Refused, unsupported } from '../refused.ts';
import { fold } from '../lexed/token.ts';

/** What the reader of a tree must know of the dialect and of the text. */
export interface Reader {
  readonly dialect: 'mysql' | 'sqlite' | 'sqlserver';
  readonly strings: ReadonlyMap<string, CanonicalString>;
  readonly functionIsKnown: (name: string) => { readonly calm: boolean; readonly discloses: boolean };
  /** Expressions, queries and changes contain each other, so their readers are handed to each other here. */
  readonly expr: (reader: Reader, value: unknown) => Expr;
  readonly query: (reader: Reader, value: unknown) => Query;
  readonly change: (reader: Reader, value: unknown) => Statement;
  /** CTEs read so far: the folded name, and the name as written. */
  readonly ctes: Map<string, string>;
  depth: number;
}

export function readExpr(reader: Reader, value: unknown): Expr {
  return reader.expr(reader, value);
}

export function readExprs(reader: Reader, ...values: readonly unknown[]): readonly Expr[] {
  return values.flatMap((value) => {
    if (value === undefined || value === null) return [];
    return Array.isArray(value) ? readExprs(reader, ...value) : [readExpr(reader, value)];
  });
}

export function readQuery(reader: Reader, value: unknown): Query {
  return reader.query(reader, value);
}

/** The expressions of `ORDER BY a DESC, b`. */
export function readOrder(reader: Reader, value: unknown): readonly Expr[] {
  return list(value, 'ORDER BY').map((item) => {
    const of = tree(item, 'ORDER BY');
    only(of, new Set(['expr', 'options']), 'ORDER BY');
    return readExpr(reader, of['expr']);
  });
}

export interface Ident {
  readonly written: string;
  readonly name: string;
  readonly quote: string | null;
}

/** Goes one level down. The parser bounds nesting, and the lexer chains, so this only guards this code's own stack. */
export function deeper<T>(reader: Reader, read: () => T): T {
  reader.depth += 1;
  if (reader.depth > 800) throw new Refused('too_deep', 'The statement is nested too deeply.');
  const result = read();
  reader.depth -= 1;
  return result;
}

export function readIdent(reader: Reader, value: unknown): Ident {
  const of = tree(value, 'A name');
  const written = text(of['value'], 'A name');
  const style = of['quoteStyle'] ?? of['quote_style'];
  const quote = typeof style === 'string' ? style : null;
  // `AS 'x'`: what stands here is the name that stands for the string.
  const name = quote === "'" ? (reader.strings.get(written)?.content ?? written) : written;
  // SQLite folds ASCII alone. The others fold all letters: to it a Kelvin sign is a k.
  return { written, name: reader.dialect === 'sqlite' ? fold(name) : name.toLowerCase(), quote };
}

/** `a.b`: a list of `{ Identifier }`. */
export function readPath(reader: Reader, value: unknown): readonly string[] {
  const path = list(value, 'A name').map((part) => {
    const [type, content] = node(part, 'A name');
    if (type !== 'Identifier') throw unsupported('A name of this form');
    return readIdent(reader, content).name;
  });
  if (path.length === 0 || path.some((name) => name.startsWith('@')))
    throw unsupported('A name of this form');
  return path;
}

/**
 * MySQL may tell a CTE from a table by case, as its file system does, and SQL Server by its collation: what is called by another case than it was
 * defined with could be either, so it is refused.
 */
export function refuseOtherCase(reader: Reader, name: unknown): void {
  const [part, ...more] = list(name, 'A name');
  if (reader.dialect === 'sqlite' || more.length > 0) return;
  const ident = readIdent(reader, node(part, 'A name')[1]);
  const defined = reader.ctes.get(ident.name);
  if (defined !== undefined && defined !== ident.written) {
    throw unsupported(`A common table expression called by another case (${ident.written})`);
  }
}
