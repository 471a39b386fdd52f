import type { Query, Statement } from '../statement.ts';
import { change } from './changes.ts';
import { expression } from './expressions.ts';
import { node } from '../read-tree.ts';
import { query } from './query.ts';
import type { Reader } from './reader.ts';

export type Dialect = Pick<Reader, 'dialect' | 'strings' | 'numbers' | 'functionIsKnown'>;

/** Reads the tree of one query, INSERT, UPDATE, DELETE or REPLACE. */
export function treeToStatement(value: unknown, dialect: Dialect): Query | Statement {
  const reader: Reader = { ...dialect, expr: expression, query, change, ctes: new Map(), depth: 0 };
  const [type, content] = node(value, 'A statement');
  return type === 'Query' ? query(reader, content) : change(reader, value);
}
