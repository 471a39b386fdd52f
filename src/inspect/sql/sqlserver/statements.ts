import { isSymbol, isWord, type Token } from '../lexed/token.ts';
import { parseSqlserver } from './parse.ts';
import { Refused, unsupported } from '../refused.ts';
import type { Query } from '../statement.ts';
import { rewriteSqlserver } from './rewrite.ts';

/**
 * One SELECT, and nothing else: T-SQL needs no semicolon between statements, so what a parser takes for an alias may be a
 * second statement (`SELECT a FROM t SHUTDOWN`). Every bare word that could begin one is refused, wherever it stands.
 */
export function readStatement(tokens: readonly Token[], statements: number): Query {
  if (statements > 1) throw unsupported('More than one statement of T-SQL');
  if (!isWord(tokens[0], 'select', 'with')) throw unsupported('A statement of T-SQL that is no SELECT');
  const plain = rewriteSqlserver(tokens);
  for (const index of plain.keys()) refuseSecond(plain, index);
  const query = parseSqlserver(plain);
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
  if (standsInside(tokens, index, word)) return;
  const begins = word === 'select' && index > 0 && !opensQuery(before);
  if (begins || ((RESERVED.has(word) || BEGINS.has(word)) && !isSymbol(before, '.'))) {
    throw new Refused(
      'unsupported',
      `${JSON.stringify(token.text)} could begin another statement here; put a name in brackets.`,
    );
  }
}

/** Reserved words that a SELECT is written with in one place each, where no statement could begin with them. */
function standsInside(tokens: readonly Token[], index: number, word: string): boolean {
  const [before, next] = [tokens[index - 1], tokens[index + 1]];
  switch (word) {
    // FOR JSON PATH, FOR XML RAW; PIVOT (SUM(a) FOR b IN (…))
    case 'for':
      if (isWord(before, 'value') && isWord(tokens[index - 2], 'next')) return false;
      return (
        isWord(next, 'json', 'xml') || isWord(tokens[index + 2], 'in') || isSymbol(tokens[index + 2], '.')
      );
    case 'pivot':
    case 'unpivot':
      return (
        isSymbol(next, '(') && before !== undefined && (isSymbol(before, ')') || before.kind !== 'symbol')
      );
    case 'contains':
    case 'freetext':
      return isSymbol(next, '(') && isWord(before, 'where', 'and', 'or', 'not', 'when', 'on');
    default:
      return false;
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
