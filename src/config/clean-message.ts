const HIDDEN = '(not shown)';

/**
 * A function that takes secrets out of a sentence: whole, percent-decoded, and the user and password of a URL among
 * them. A schema of another room wrote the sentence, and may have put the value in.
 */
export function messageCleaner(secrets: readonly string[]): (message: string) => string {
  const parts = [...new Set(secrets.flatMap(partsOf))].filter((part) => part !== '');
  // The longest first, so that no rest of one stays behind.
  parts.sort((a, b) => b.length - a.length);
  return (message) => parts.reduce((text, part) => text.replaceAll(part, HIDDEN), message);
}

function partsOf(secret: string): readonly string[] {
  const userinfo = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/([^/?#]*)@/.exec(secret)?.[1] ?? '';
  // A value of one or two characters stands in every sentence: hiding it would show where it is.
  const parts = [secret, userinfo, ...userinfo.split(':')].filter((part) => part.length > 2);
  return [...parts, ...parts.map(decoded)];
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
