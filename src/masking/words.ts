import { withoutPlaceholders } from './strategies.ts';

/**
 * The words of a column or key name, lower case: `ownerCardNumber2`, `owner-card-number 2` and `OWNER_CARD_NUMBER_2`
 * are all `owner card number 2`. Accents and full-width letters are folded. What masking itself wrote into a name is
 * no word of it, else a masked name would mark its column on a second pass.
 */
export function wordsOf(name: string): readonly string[] {
  const words = withoutPlaceholders(name.slice(0, LONGEST_NAME))
    .normalize('NFKD')
    .replaceAll(/[\p{M}\p{Cf}]/gu, '')
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .replaceAll(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .toLowerCase()
    .match(/\p{L}+|\p{Nd}+/gu);
  return words ?? [];
}

/** No database allows a longer one (SQLite aside); what is cut off is still searched for values. */
const LONGEST_NAME = 256;
