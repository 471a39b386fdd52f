import { DATA_CLASSES, isBuiltIn, UNREADABLE } from './data-classes.ts';
import type { Pseudonyms } from './pseudonyms.ts';

/** How a value is transformed. There is no `none`: showing a class is a permission, granted by policy only. */
export const STRATEGIES = [
  'redact',
  'keep_last_four',
  'keep_domain',
  'generalise',
  'tokenise',
  'tokenise_reversibly',
  'format_preserving',
  'drop',
  'block',
] as const;

export type Strategy = (typeof STRATEGIES)[number];

/** Classes that a strategy is for; those without a row are for all. */
const FOR: Readonly<Partial<Record<Strategy, readonly string[]>>> = {
  keep_last_four: ['payment_card', 'iban', 'bank_account', 'crypto_wallet'],
  keep_domain: ['email'],
  generalise: ['date_of_birth', 'ip_address'],
  format_preserving: [
    'payment_card',
    'us_ssn',
    'national_id',
    'tax_id',
    'health_id',
    'bank_account',
    'device_id',
    'phone',
  ],
};

/** Those that know what a value means. Nobody knows that of the classes of an operator. */
const MEANINGFUL: readonly Strategy[] = ['keep_domain', 'generalise'];

/** The classes that are built in and that a strategy may be used for; null for all. */
export function classesFor(strategy: Strategy): readonly string[] | null {
  return FOR[strategy] ?? null;
}

/** Whether a strategy may be used for a class, built in or an operator's own. */
export function suits(strategy: Strategy, dataClass: string): boolean {
  if (!isBuiltIn(dataClass)) return !MEANINGFUL.includes(strategy);
  return FOR[strategy]?.includes(dataClass) ?? true;
}

/** Of two strategies for what is one value: `block` over all, and what differs is redacted. */
export function graver(a: Strategy | null, b: Strategy | null): Strategy | null {
  if (a === null || b === null || a === b) return a ?? b;
  if (a === 'block' || b === 'block') return 'block';
  return 'redact';
}

/** The class and the sealed value of a token that `tokenise_reversibly` left; null for any other text. */
export function tokenIn(text: string): { readonly class: string; readonly sealed: string } | null {
  const [, dataClass, sealed] = /^\[([a-z][a-z0-9_]{0,39}) ~([a-zA-F]{30,600})\]$/.exec(text) ?? [];
  return dataClass === undefined || sealed === undefined ? null : { class: dataClass, sealed };
}

/** How many characters `keep_last_four` keeps. */
const KEPT = 4;

/** At most a third of a value may stay, so a value under twelve characters keeps nothing. */
const SHORTEST_KEPT = KEPT * 3;

/** What stands in place of a redacted value: `[redacted:email]`. The agent learns that there was one, and its class. */
export function redacted(dataClass: string): string {
  return PLACEHOLDERS.get(dataClass) ?? `[redacted:${dataClass}]`;
}

/** Of the classes there are: a text is made once, and not for each value. */
const PLACEHOLDERS: ReadonlyMap<string, string> = new Map(
  [...DATA_CLASSES, UNREADABLE].map((name) => [name, `[redacted:${name}]`]),
);

/**
 * What stands in place of a value. Where a strategy can't keep what it is for (a short value, no key for pseudonyms), it
 * redacts. A `block`ed value is redacted, too: that nothing of the result leaves is not for this function to say.
 */
export function transformed(
  dataClass: string,
  strategy: Strategy,
  value: string,
  pseudonyms: Pseudonyms | null,
): string {
  switch (strategy) {
    case 'redact':
    case 'block':
      return redacted(dataClass);
    case 'drop':
      return '';
    // In ASCII, as all that masking writes: a text of western letters stays one byte a character, and half as dear to send.
    case 'keep_last_four': {
      const kept = lastFour(value);
      return kept === null ? redacted(dataClass) : `[${dataClass} *${kept}]`;
    }
    case 'keep_domain': {
      const domain = /@([\p{L}\p{N}.-]{3,253})$/u.exec(value)?.[1];
      return domain === undefined ? redacted(dataClass) : `[${dataClass} @${domain}]`;
    }
    case 'generalise': {
      const general = dataClass === 'ip_address' ? network(value) : year(value);
      return general === null ? redacted(dataClass) : `[${dataClass} ${general}]`;
    }
    case 'tokenise':
      return pseudonyms === null
        ? redacted(dataClass)
        : `[${dataClass} #${pseudonyms.token(dataClass, value)}]`;
    case 'tokenise_reversibly': {
      const sealed = pseudonyms?.seal(dataClass, value) ?? null;
      return sealed === null ? redacted(dataClass) : `[${dataClass} ~${sealed}]`;
    }
    case 'format_preserving':
      return pseudonyms?.digits(dataClass, value) ?? redacted(dataClass);
  }
}

/** Of letters and digits; null where they are too few to keep any. */
function lastFour(value: string): string | null {
  let kept = '';
  let count = 0;
  for (let index = value.length - 1; index >= 0; index--) {
    const code = value.charCodeAt(index);
    const lower = code | 32;
    if (!(code >= 48 && code <= 57) && !(lower >= 97 && lower <= 122)) continue;
    if (count++ < KEPT) kept = value.charAt(index) + kept;
    if (count === SHORTEST_KEPT) return kept;
  }
  return null;
}

/** `1980`, of a date with a year of four digits. */
function year(value: string): string | null {
  return /(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])/.exec(value)?.[0] ?? null;
}

/** The first 24 bits of an IPv4 address, the first 48 of an IPv6 one. */
function network(value: string): string | null {
  const four = /^([0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3})\.[0-9]{1,3}$/.exec(value)?.[1];
  if (four !== undefined) return `${four}.*`;
  const six = /^((?:[0-9a-f]{1,4}:){3})(?!:)/i.exec(value)?.[1];
  return six === undefined ? null : `${six}*`;
}

/**
 * Whether a text is nothing but what masking by some rules could have left of one of `classes`, whatever the strategy. Nobody
 * vouches that it was masking.
 */
export function isPlaceholder(text: string, classes: readonly string[]): boolean {
  if (!text.startsWith('[') || withoutPlaceholders(text) !== ' x ') return false;
  const name = /^\[(?:redacted:)?([a-z0-9_]+)/.exec(text)?.[1];
  return name !== undefined && classes.includes(name);
}

/**
 * The text with one letter for each thing that masking wrote into it: where a value stood, a word still stands. For names
 * only, which anybody may choose: whether the class is one makes no difference there.
 */
export function withoutPlaceholders(text: string): string {
  return text.includes('[') ? text.replaceAll(PLACEHOLDER, ' x ') : text;
}

const PLACEHOLDER =
  /\[(?:redacted:[a-z][a-z0-9_]{0,39}|[a-z][a-z0-9_]{0,39} (?:[*…][0-9A-Za-z]{4}|@[\p{L}\p{N}.-]{3,253}|#[0-9a-f]{12}|~[a-zA-F]{30,600}|[0-9]{4}|[0-9a-fA-F.:]{1,24}\*))\]/gu;
