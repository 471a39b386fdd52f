import type { Random } from './random.ts';

/** What grammars and readers trip over. */
const TOKENS: readonly string[] = [
  ...`' " \` $$ $a$ -- # /* */ /*! /*M! */ ; , ( ) [ ] { } :: := = <> || && @ @@ \\ \\' '' % _ ? $1 :a . .. * + - 0x41 1e9 NULL E' U&' b' x' N' _utf8'`.split(
    ' ',
  ),
  ...`SELECT FROM WHERE WITH RECURSIVE AS INTO OUTFILE UPDATE SET DELETE INSERT VALUES DROP TABLE TRUNCATE CREATE ALTER UNION ALL EXPLAIN ANALYZE COPY CALL EXECUTE RETURNING PRAGMA ATTACH CASE WHEN THEN END LIMIT ORDER BY GROUP HAVING OVER FOR LOCK IN EXISTS NOT AND OR LIKE BETWEEN pg_sleep(1) nextval('s') load_file('x') OR 1=1`.split(
    ' ',
  ),
  ...`http:// https:// // \\\\ %2e %2f %25 %00 @ # ? ; : [::1] 127.1 0x7f 017 xn-- . .. ß \u3002 \uff0e \u200b`.split(
    ' ',
  ),
  ...`| || & && > >> < <<EOF $( ) \` \${ } $(( )) $' ' " eval exec sh -c rm -rf sudo curl xargs find -exec = IFS= \\`.split(
    ' ',
  ),
  '\0',
  '\n',
  '\r\n',
  '\t',
  '\u00a0',
  '\u2028',
  '\ufeff',
  '\u202e',
  '\ud800',
  '\u{1f600}',
  'ſ',
  'İ',
  'K',
];

/** A text made of one or two others by a few of the changes that break readers. At most 20,000 UTF-16 units. */
export function mutate(random: Random, texts: readonly string[]): string {
  let text = random.pick(texts);
  const changes = 1 + random.integer(5);
  for (let change = 0; change < changes; change += 1) text = changed(random, text, texts).slice(0, 20_000);
  return text;
}

function changed(random: Random, text: string, texts: readonly string[]): string {
  const at = random.integer(text.length + 1);
  const to = Math.min(text.length, at + 1 + random.integer(12));
  const part = text.slice(at, to);
  switch (random.integer(11)) {
    case 0:
      return text.slice(0, at) + text.slice(to);
    case 1:
      return text.slice(0, to) + part + text.slice(to);
    case 2:
      return `${text.slice(0, at)}${random.pick(TOKENS)}${text.slice(at)}`;
    case 3:
      return `${text.slice(0, at)} ${random.pick(TOKENS)} ${text.slice(at)}`;
    case 4:
      return text.slice(0, at) + random.pick(texts).slice(random.integer(20));
    case 5:
      return text.slice(0, at) + part.repeat(1 + random.integer(200)) + text.slice(at);
    case 6:
      return text.slice(0, at);
    case 7:
      return text.slice(0, at) + part.toUpperCase() + text.slice(to);
    case 8:
      return `${text.slice(0, at)}(${part})${text.slice(to)}`;
    case 9:
      return `${text}${random.pick(['; ', ' UNION ', '\n', ' && ', '&', '/'])}${random.pick(texts)}`;
    default:
      return text.slice(0, at) + String.fromCodePoint(1 + random.integer(0x2fff)) + text.slice(to);
  }
}
