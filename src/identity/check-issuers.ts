import { API_KEY_ISSUER } from './api-keys.ts';
import type { IssuerOptions } from './config.ts';
import { isAcceptableUrl } from './issuer-url.ts';
import { LOCAL_ISSUER } from './local.ts';

export interface IssuerProblem {
  /** Position in the list of issuers. */
  readonly index: number;
  readonly message: string;
}

/**
 * What is wrong with a list of issuers as a whole. Above all: no two of them may be able to name the same principal,
 * or whoever can choose a subject at one is whoever they like at the other.
 */
export function checkIssuers(issuers: readonly IssuerOptions[]): readonly IssuerProblem[] {
  return issuers.flatMap((issuer, index) => {
    const earlier = issuers.slice(0, index);
    return [nameProblem(issuer, earlier), prefixProblem(issuer, earlier)]
      .filter((message) => message !== null)
      .map((message) => ({ index, message }));
  });
}

function nameProblem(issuer: IssuerOptions, earlier: readonly IssuerOptions[]): string | null {
  const { issuer: name, jwksUri } = issuer;
  if (earlier.some((other) => other.issuer === name)) return `the issuer ${name} is configured twice`;
  if (name.startsWith('urn:sallyport:') || name === LOCAL_ISSUER || name === API_KEY_ISSUER) {
    return `the issuer name ${name} is one of this server's own`;
  }
  // With a jwks_uri the issuer is only a name. Without, it is where the keys are found.
  if (jwksUri === null && !isAcceptableUrl(name, true)) {
    return `the issuer ${name} must be an https URL (http only for this machine), or have a jwks_uri`;
  }
  return null;
}

/**
 * `a:` and `a:b:` overlap: the subject `b:x` of the first is the subject `x` of the second. The empty prefix overlaps
 * with all, so only one issuer may have it, and its subjects are checked against the others' at every token.
 */
function prefixProblem(issuer: IssuerOptions, earlier: readonly IssuerOptions[]): string | null {
  const clash = earlier.find(
    ({ prefix }) =>
      prefix === issuer.prefix ||
      (prefix !== '' &&
        issuer.prefix !== '' &&
        (prefix.startsWith(issuer.prefix) || issuer.prefix.startsWith(prefix))),
  );
  if (clash === undefined) return null;
  return issuer.prefix === ''
    ? `a second issuer without a prefix: its subjects could be taken for those of ${clash.issuer}; give it a prefix`
    : `the prefix "${issuer.prefix}" overlaps with "${clash.prefix}" of ${clash.issuer}`;
}
