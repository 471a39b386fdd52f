import { isSymbol, isWord, type Token } from '../lexed/token.ts';
import { parseSqlserver } from './parse.ts';
import { Refused, unsupported } from '../refused.ts';
import type { Query } from '../statement.ts';

/**
 * One SELECT, and nothing else: T-SQL needs no semicolon between statements, so what a parser takes for an alias may be a
 * second statement (`SELECT a FROM t SHUTDOWN`). Every bare word that could begin one is refused, wherever it stands.
 */
export function readStatement(tokens: readonly Token[], statements: number): Query {
  if (statements > 1) throw unsupported('More than one statement of T-SQL');
  if (!isWord(tokens[0], 'select', 'with')) throw unsupported('A statement of T-SQL that is no SELECT');
  for (const index of tokens.keys()) refuseSecond(tokens, index);
  const query = parseSqlserver(tokens);
  if (query.kind !== 'query') throw unsupported('A statement of T-SQL that is no SELECT');
  return query;
}

function refuseSecond(tokens: readonly Token[], index: number): void {
  const [before, token, next] = [tokens[index - 1], tokens[index], tokens[index + 1]];
  if (token === undefined) return;
  if (token.kind === 'variable' && !token.text.startsWith('@@'))
    throw unsupported('A variable, which another statement must have set,');
  if (token.kind !== 'word') return;
  const word = token.text.toLowerCase();
  // ROWS BETWEEN CURRENT ROW AND …
  if (word === 'current' && isWord(next, 'row')) return;
  const begins = word === 'select' && index > 0 && !opensQuery(before);
  if (begins || ((RESERVED.has(word) || BEGINS.has(word)) && !isSymbol(before, '.'))) {
    throw new Refused(
      'unsupported',
      `${JSON.stringify(token.text)} could begin another statement here; put a name in brackets.`,
    );
  }
}

/** Whether a SELECT after this token belongs to the statement before it. */
function opensQuery(before: Token | undefined): boolean {
  return (
    isSymbol(before, '(') || isSymbol(before, ')') || isWord(before, 'union', 'all', 'except', 'intersect')
  );
}

/** The words that T-SQL reserves, without those that a SELECT is written with. */
const RESERVED = new Set(
  `add alter authorization backup begin break browse bulk cascade check checkpoint close clustered column commit compute
  constraint contains containstable continue create current cursor database dbcc deallocate declare default delete deny disk
  distributed drop dump errlvl exec execute exit external file fillfactor foreign freetext freetexttable function goto grant
  holdlock identity identity_insert identitycol if index insert into key kill lineno load merge national nocheck nonclustered
  of off offsets open opendatasource openquery openrowset openxml pivot plan precision primary print proc procedure
  public raiserror read readtext reconfigure references replication restore restrict return revert revoke rollback rowcount
  rowguidcol rule save schema securityaudit semantickeyphrasetable semanticsimilaritydetailstable semanticsimilaritytable set
  setuser shutdown statistics table tablesample textsize to tran transaction trigger truncate tsequal unique unpivot update
  updatetext use user varying view waitfor while writetext for`.split(/\s+/),
);

/** Statements begin with these as well, though they may be names. */
const BEGINS = new Set('go receive send throw enable disable move get rename copy'.split(' '));
