import { DATA_CLASSES, UNREADABLE, type Strategy } from './data-classes.ts';

/** How many characters `keep_last_four` keeps. */
const KEPT = 4;

/** At most a third of a value may stay, so a value under twelve characters keeps nothing. */
const SHORTEST_KEPT = KEPT * 3;

/** What stands in place of a redacted value: `[redacted:email]`. The agent learns that there was one, and its class. */
export function redacted(dataClass: string): string {
  return `[redacted:${dataClass}]`;
}

/**
 * What stands in place of a value. `keep_last_four` writes `[payment_card …1111]`; of a value with under twelve
 * letters and digits it keeps nothing.
 */
export function transformed(dataClass: string, strategy: Strategy, value: string): string {
  switch (strategy) {
    case 'redact':
      return redacted(dataClass);
    case 'keep_last_four': {
      const bare = value.replaceAll(/[^0-9A-Za-z]/g, '');
      return bare.length < SHORTEST_KEPT ? redacted(dataClass) : `[${dataClass} …${bare.slice(-KEPT)}]`;
    }
  }
}

/**
 * Whether a text is exactly what `redact` leaves. Only that is believed: an agent can write `[payment_card …` and
 * four characters of a secret in its own SELECT, so a kept last four is masked again where the column says so.
 */
export function isRedacted(text: string): boolean {
  return REDACTED.has(text);
}

/** The text with one letter for each thing that masking wrote into it: where a value stood, a word still stands. */
export function withoutPlaceholders(text: string): string {
  return text.includes('[') ? text.replaceAll(PLACEHOLDER, ' x ') : text;
}

const REDACTED = new Set([...DATA_CLASSES, UNREADABLE].map(redacted));
const PLACEHOLDER = /\[(?:redacted:[a-z_]{1,40}|[a-z_]{1,40} …[0-9A-Za-z]{4})\]/g;
