/** OpenID Connect Core §2 caps `sub` at 255 characters; the same holds here for every name that becomes an entity. */
const MAX_NAME_LENGTH = 255;

/**
 * Control, format (zero-width, bidirectional), line and paragraph separators, lone surrogates: what makes two
 * different names look the same to a reviewer, or breaks a log line.
 */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

/** Whether a text can be the name of a principal or group: visible from end to end, and not too long. */
export function isSaneName(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.length > 0 &&
    value.length <= MAX_NAME_LENGTH &&
    value.trim() === value &&
    !INVISIBLE.test(value)
  );
}
