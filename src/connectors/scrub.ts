/** Longest message that is passed on, in characters: some engines quote the whole statement. */
const MAX_MESSAGE = 2000;

/** What must not appear in a message of a backend. */
export interface Secrets {
  /** Removed wherever they appear: password, URL, path. */
  readonly always: readonly string[];
  /** Removed as whole words: user and host names, which may be short. */
  readonly words: readonly string[];
}

/**
 * Makes the function that takes credentials, addresses, URLs and user names out of a message. It removes what it was
 * told, and what looks like any of them: a server may name an address that was never configured (its own, a replica's).
 */
export function scrubber(secrets: Secrets): (message: string) => string {
  const always = spellings(secrets.always);
  const words = spellings(secrets.words).map(
    (word) => new RegExp(`(?<![\\p{L}\\p{N}_-])${escaped(word)}(?![\\p{L}\\p{N}_-])`, 'giu'),
  );
  return (message) => {
    let text = message.slice(0, MAX_MESSAGE * 4);
    for (const secret of always) text = text.replaceAll(secret, '[removed]');
    text = text
      .replace(/\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s'"`<>]{1,2000}/giu, '[url]')
      // MySQL: user 'app'@'10.0.0.5'
      .replace(/(['"`])[^'"`]{0,100}\1@(['"`])[^'"`]{0,255}\2/gu, '[user]')
      // PostgreSQL: role "app", user "app", host "10.0.0.5"
      .replace(/\b(role|user|host) "[^"]{0,255}"/giu, '$1 [removed]')
      .replace(/(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?(?![\d.])/gu, '[address]')
      .replace(/\[?\b(?:[0-9a-f]{0,4}:){3,7}[0-9a-f]{1,4}\b\]?(?::\d{1,5})?/giu, '[address]');
    for (const word of words) text = text.replace(word, '[removed]');
    return text.length > MAX_MESSAGE ? `${text.slice(0, MAX_MESSAGE)}…` : text;
  };
}

/** Each secret as written, decoded and encoded; the longest first, so that no part of one is left over. */
function spellings(secrets: readonly string[]): readonly string[] {
  const all = new Set<string>();
  for (const secret of secrets) {
    for (const spelling of [secret, encodeURIComponent(secret), encodeURI(secret)])
      if (spelling.length >= 2) all.add(spelling);
  }
  return Array.from(all).sort((a, b) => b.length - a.length);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/gu, '\\$&');
}
