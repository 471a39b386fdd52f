import { Refused } from '../sql/refused.ts';

/** Decodes `%xx` once, as UTF-8. Anything that is not exactly that is refused: readers mend it differently. */
export function decodeOnce(written: string, where: string): string {
  try {
    return decodeURIComponent(written);
  } catch {
    throw new Refused('syntax', `The ${where} holds a percent sign that does not encode UTF-8.`);
  }
}

/** Whether decoding once more would change it. */
export function isEncodedAgain(decoded: string): boolean {
  return /%[\da-f]{2}/i.test(decoded);
}
