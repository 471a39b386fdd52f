import { looksLike } from './confusables.ts';

/**
 * Text as patterns read it: compatibility forms as what they stand for (NFKC), lower case, without accents and without
 * what is invisible. Spaces and line breaks are one space.
 */
export function foldText(text: string): string {
  return plain(text.replaceAll(INVISIBLE, '')).replaceAll(/\s+/gu, ' ').trim();
}

/** As `foldText`, letters and digits only, with one space for whatever stands between. */
export function wordsOf(folded: string): string {
  return folded
    .replaceAll(/(?<=\p{L})['’](?=\p{L})/gu, '')
    .replaceAll(/[^\p{L}\p{N}\p{M}]+/gu, ' ')
    .trim();
}

/** Characters that show nothing: zero-width, bidirectional, tags, variation selectors, soft hyphens. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu;

/** Also what a pattern is put through, so that an author may write accents. */
export function plain(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/[\u0300-\u036f]/gu, '')
    .normalize('NFC');
}

/** Folded text with letters of other scripts and digits read as the Latin letters they look like; null where none is there. */
export function undisguised(folded: string): string | null {
  const letters = folded.replaceAll(/[^\x20-\x7e]/gu, (character) => looksLike(character) ?? character);
  const read = letters.replaceAll(/[a-z0-9@$!|]{2,40}[a-z0-9]/g, (word) =>
    /[a-z]/.test(word) ? word.replaceAll(/[0134578@$!|]/g, (sign) => LEET[sign] ?? sign) : word,
  );
  return read === folded ? null : read;
}

const LEET: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '8': 'b',
  '@': 'a',
  $: 's',
  '!': 'i',
  '|': 'l',
};

/** So many single letters in a row (`i g n o r e`) are words written apart. */
const FEWEST_APART = 6;

/** What was written letter by letter, each run without anything between; null where nothing was. */
export function spelledOut(folded: string): string | null {
  const runs: string[] = [];
  let run = '';
  for (const part of [...folded.split(/[ ._*-]+/), '  ']) {
    if (/^\p{L}$/u.test(part)) run += part;
    else {
      if (run.length >= FEWEST_APART) runs.push(run);
      run = '';
    }
  }
  return runs.length === 0 ? null : runs.join(' ');
}

/** What a person is not shown: bidirectional controls, tags, and invisible characters inside a word of ASCII. */
export function holdsHidden(text: string): boolean {
  return (
    /[\u202a-\u202e\u2066-\u2069]|[\u{e0001}-\u{e007f}]|[\u{e0100}-\u{e01ef}]/u.test(withoutFlags(text)) ||
    /[!-~]\p{Default_Ignorable_Code_Point}+[!-~]/u.test(text)
  );
}

/** The flags of England, Scotland and Wales are made of tags. */
function withoutFlags(text: string): string {
  return text.replaceAll(/\u{1f3f4}[\u{e0020}-\u{e007e}]{1,8}\u{e007f}/gu, '');
}

/** Whether one word mixes Latin letters with Cyrillic or Greek ones, which looks like one script and is not. */
export function mixesScripts(text: string): boolean {
  return /\p{Script=Latin}(?:\p{M})*[\p{Script=Cyrillic}\p{Script=Greek}]|[\p{Script=Cyrillic}\p{Script=Greek}](?:\p{M})*\p{Script=Latin}/u.test(
    text.normalize('NFKC').replaceAll(/[µμΩ]/gu, ''),
  );
}
