import { isSymbol, isWord, nameAt, type Token } from '../lexed/token.ts';
import { unsupported } from '../refused.ts';
import { write, type Source, type Statement } from '../statement.ts';

/** What SHOW may be followed by; everything else is refused. */
const SHOWN = new Set(
  `character charset collation columns count create databases engines errors events extended fields full function global
  grants index indexes indices keys local open plugins privileges procedure processlist schemas session status storage table
  tables triggers variables warnings`.split(/\s+/),
);

/** Where the engine keeps what these show: hashes of passwords, and the statements of others. */
const KEPT: Readonly<Record<string, string>> = {
  grants: 'mysql.user',
  user: 'mysql.user',
  processlist: 'information_schema.processlist',
};

/** Variables that say how the server runs, by how their names begin. Others hold passwords: `report_password`. */
const HARMLESS =
  /^(?:auto|basedir|char|coll|datadir|default_storage|div|event_sched|explicit|foreign|ft_|have|host|innodb|interactive|join|key|lc_|license|long|low|max|min|net|open|optimizer|port|profil|query|read|sort|sql|storage|system|table|thread|time|tmp|transaction|tx_|unique|ver|wait)/i;

export function variableIsHarmless(name: string): boolean {
  return HARMLESS.test(name.replace(/^@@(?:(?:global|session|local)\.)?/i, ''));
}

/** Where variables are kept. */
export const VARIABLES = 'information_schema.global_variables';

export function readShow(tokens: readonly Token[]): Statement {
  // Only a WHERE can hold an expression, and only parentheses can hold a call or a query.
  if (tokens.some((token) => isSymbol(token, '(') || isSymbol(token, ':=')))
    throw unsupported('SHOW with an expression');
  const first = tokens[1]?.kind === 'word' ? tokens[1].text.toLowerCase() : '';
  if (!SHOWN.has(first)) throw unsupported(`SHOW ${first.toUpperCase()}`);
  const from = tokens.findIndex((token, index) => index > 1 && isWord(token, 'from', 'in', 'table', 'view'));
  const name = from === -1 ? null : (nameAt(tokens, from + 1)?.path.join('.') ?? null);
  const words = tokens
    .slice(1, 4)
    .flatMap((token) => (token.kind === 'word' ? [token.text.toLowerCase()] : []));
  const kept = words.flatMap((word) => KEPT[word] ?? []);
  const variables = words.includes('variables') && !variableIsHarmless(patternOf(tokens)) ? [VARIABLES] : [];
  const tables = [...(name === null ? [] : [name]), ...kept, ...variables];
  return {
    ...write('SHOW', { result: 'unknown' }),
    writes: false,
    from: tables.map((table): Source => ({ kind: 'table', name: table, alias: '', aside: [] })),
  };
}

/** What stands before the first wildcard of `LIKE 'version%'`; empty where there is no such pattern. */
function patternOf(tokens: readonly Token[]): string {
  const like = tokens.findIndex((token) => isWord(token, 'like'));
  const pattern = tokens[like + 1];
  const isText = like !== -1 && pattern?.kind === 'string' && tokens.length === like + 2;
  return isText ? (pattern.text.split(/[%\\]/)[0] ?? '') : '';
}
