import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a browser sent this from a page of ours. A form always carries its origin, and current browsers say in
 * `Sec-Fetch-Site` where it came from, which no script can forge; where one of the two is there it has to be right, and
 * one has to be there. The Host was found to be ours before.
 */
export function fromOurPage(headers: IncomingHttpHeaders, publicUrl: string): boolean {
  const site = headers['sec-fetch-site'];
  const { origin } = headers;
  if (site === undefined && origin === undefined) return false;
  return (
    (site === undefined || site === 'same-origin') &&
    (origin === undefined || isOurs(origin, headers.host, publicUrl))
  );
}

/** Whether a GET was the person's own act, or that of a page of ours: no other site made the browser send it. */
export function notFromElsewhere(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  return site === undefined || site === 'same-origin' || site === 'none';
}

function isOurs(origin: string, host: string | undefined, publicUrl: string): boolean {
  const ours = new URL(publicUrl);
  // The other names under which a loopback server is reached; behind a proxy the public one.
  return (
    origin === ours.origin || (host !== undefined && origin === `${ours.protocol}//${host.toLowerCase()}`)
  );
}
