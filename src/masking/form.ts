/**
 * A text with the `+` of form encoding read as the space that it stands for (WHATWG URL, application/x-www-form-urlencoded),
 * at the same offsets; null where it has none. Only behind a `=`, up to where a value ends: elsewhere a `+` is the start
 * of a telephone number, a sign of base64, or itself.
 */
export function spacesOfForm(text: string): string | null {
  if (!text.includes('+') || !text.includes('=')) return null;
  const read = text.replaceAll(VALUE, (value) => value.replaceAll(JOINED, ' '));
  return read === text ? null : read;
}

/** Values do not overlap, so that each character is read once. */
const VALUE = /=[^&;\s"'<>[\]{}]+/g;
/** Between two characters of a value: in front of a number, a `+` may be the number's. */
const JOINED = /(?<=[^=+])\+(?=[^+])/g;
