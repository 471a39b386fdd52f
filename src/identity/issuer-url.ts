/** Whether the URL points at this machine. */
export function isLoopbackUrl(text: string): boolean {
  const url = URL.parse(text);
  return (
    url !== null && (url.hostname === 'localhost' || url.hostname === '[::1]' || isLoopbackV4(url.hostname))
  );
}

/** The URL parser has folded every spelling of an IPv4 address into four decimal numbers. */
function isLoopbackV4(hostname: string): boolean {
  return /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname);
}

/** Keys decide who is who, so they come over TLS, or from this machine where that is allowed. */
export function isAcceptableUrl(text: string, allowLoopbackHttp: boolean): boolean {
  const url = URL.parse(text);
  if (url === null || url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (allowLoopbackHttp && url.protocol === 'http:' && isLoopbackUrl(text));
}
