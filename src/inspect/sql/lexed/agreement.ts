import { Refused } from '../refused.ts';
import type { Findings } from '../findings.ts';
import { fold, isSymbol, isWord, type Token } from './token.ts';

/**
 * The second opinion. The parser is no engine's own, so a statement is believed to be calm only where its bare tokens
 * say so too: no word that begins a change or a lock, and no call the tree does not show. Where the two differ the
 * statement is refused.
 */
export function refuseUnlessCalm(statement: readonly Token[], findings: Findings): void {
  if (findings.writes) return;
  const start = statement.findIndex((token) => isSymbol(token, '(') || isWord(token, ...VERBS));
  // SHOW, PRAGMA and DESCRIBE are read from their tokens, and what EXPLAIN only plans may well be a change.
  if (start === -1 || isWord(statement[0], 'show', 'pragma') || isWord(statement[start], ...VERBS.slice(3)))
    return;
  const tokens = statement.slice(start);
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'word') continue;
    const word = fold(token.text);
    const [before, next] = [tokens[index - 1], tokens[index + 1]];
    if (isSymbol(before, '.')) continue;
    const calls = isSymbol(next, '(');
    if (CHANGES.has(word) && !(calls && findings.functions.has(word)) && !isHarmless(word, before, next))
      differ(token);
    if (calls && !STRUCTURE.has(word) && !known(word, findings)) differ(token);
  }
  if (tokens.some((token) => isSymbol(token, ':='))) differ({ text: ':=' });
}

/** What a statement can begin with, the calm ones first. */
const VERBS = ['select', 'with', 'values', 'insert', 'update', 'delete', 'replace'];

const CHANGES = new Set(
  `insert update delete replace create drop alter truncate into outfile dumpfile load handler grant revoke rename call
  execute prepare kill flush lock for procedure merge attach detach vacuum reindex pragma savepoint commit rollback
  begin set returning nextval setval`.split(/\s+/),
);

/** Words of a change that also stand in calm places. */
function isHarmless(word: string, before: Token | undefined, next: Token | undefined): boolean {
  switch (word) {
    // SUBSTRING(x FROM 1 FOR 2), USE INDEX FOR JOIN.
    case 'for':
      return !isWord(next, 'update', 'share', 'read') && !isWord(before, 'value');
    case 'set':
      return isWord(before, 'character');
    case 'begin':
    case 'handler':
    case 'execute':
    case 'prepare':
    case 'flush':
    case 'nextval':
    case 'merge':
    case 'returning':
    case 'savepoint':
    case 'vacuum':
    case 'pragma':
    case 'attach':
    case 'detach':
    case 'reindex':
    case 'commit':
    case 'rollback':
    case 'truncate':
      // Not reserved everywhere, so they may be names; as the first word of a statement they never get here.
      return isOperand(before) && !isSymbol(next, '(');
    default:
      return false;
  }
}

/** Whether a name may stand after this token. */
function isOperand(before: Token | undefined): boolean {
  if (before === undefined) return false;
  if (before.kind === 'symbol') return before.text !== ')' && before.text !== ';';
  return isWord(
    before,
    'select',
    'by',
    'and',
    'or',
    'where',
    'as',
    'from',
    'join',
    'on',
    'distinct',
    'not',
    'then',
    'else',
    'when',
    'case',
    'having',
  );
}

/** Words before a parenthesis that is no call. */
const STRUCTURE = new Set(
  `select from where and or xor not in on using as values value exists any some all join inner left right outer cross natural
  lateral union intersect except distinct having by limit offset order group partition over window filter when then else
  case between like rlike regexp glob match against is null like escape interval with recursive set row rows returning
  binary varbinary varchar nvarchar char decimal numeric dec float double real int integer bigint smallint tinyint mediumint
  datetime timestamp time year bit signed unsigned materialized key index force use ignore straight_join div mod collate
  return within current_timestamp cast json_table try_cast top option apply columns`.split(/\s+/),
);

function known(word: string, findings: Findings): boolean {
  const same = SPELLINGS.get(word) ?? word;
  // A table or CTE with its columns: `WITH r (n) AS`, `AS v (a, b)`.
  return findings.functions.has(same) || findings.functions.has(word) || findings.names.has(word);
}

/** Functions that the parser reads as syntax of their own, under one name. */
const SPELLINGS = new Map([
  ['substr', 'substring'],
  ['mid', 'substring'],
  ['ceiling', 'ceil'],
  ['try_convert', 'convert'],
]);

function differ(token: Pick<Token, 'text'>): never {
  throw new Refused(
    'unsupported',
    `The statement can be read in two ways at ${JSON.stringify(token.text)}; write it more plainly.`,
  );
}
