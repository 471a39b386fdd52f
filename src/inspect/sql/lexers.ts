import { lexMysql } from './mysql/lex.ts';
import { lexSqlite } from './sqlite/lex.ts';
import { lexSqlserver } from './sqlserver/lex.ts';
import { scanPostgres } from './postgres/scan.ts';
import type { SqlDialect } from '../../model/facts.ts';
import type { Token } from './lexed/token.ts';

/** The tokens of a text as its engine cuts it. Throws `Refused` where it can't be cut. */
export const LEXERS: Readonly<Record<SqlDialect, (text: string) => readonly Token[]>> = {
  postgres: scanPostgres,
  mysql: lexMysql,
  sqlite: lexSqlite,
  sqlserver: lexSqlserver,
};
