/**
 * Letters of other scripts that are drawn like Latin ones, lower case (from Unicode Technical Standard 39, those that occur
 * in fonts people use). Compatibility forms are folded before.
 */
const TABLE: Readonly<Record<string, string>> = {
  a: 'аɑαᴀ',
  b: 'ьвƅʙᏏ',
  c: 'сϲᴄⅽ',
  d: 'ԁɗᴅ',
  e: 'еєҽεᴇℯ',
  f: 'ғƒꜰ',
  g: 'ɡցɢ',
  h: 'һհʜн',
  i: 'іıιɩӏɪ',
  j: 'јϳᴊ',
  k: 'кκᴋ',
  l: 'ⅼʟǀ',
  m: 'мᴍ',
  n: 'пոηɴ',
  o: 'оοօσᴏө๐',
  p: 'рρᴘ',
  q: 'ԛզ',
  r: 'гᴦʀ',
  s: 'ѕꜱ',
  t: 'тτᴛ',
  u: 'υսᴜ',
  v: 'ѵνᴠ',
  w: 'ԝωᴡш',
  x: 'хχ',
  y: 'уγүʏ',
  z: 'ᴢʐ',
};

const LATIN = new Map(
  Object.entries(TABLE).flatMap(([latin, alike]) => Array.from(alike).map((one) => [one, latin] as const)),
);

export function looksLike(character: string): string | undefined {
  return LATIN.get(character);
}
