import type { IncomingHttpHeaders } from 'node:http';

/** The cookies of the console: who is signed in, and a sign-in that is under way. */
export interface Cookies {
  readonly session: Cookie;
  readonly flow: Cookie;
}

export interface Cookie {
  read(headers: IncomingHttpHeaders): string | null;
  set(value: string, maxAgeMs: number): string;
  clear(): string;
}

/**
 * `__Host-` makes a browser refuse the cookie from any other host, a subdomain too, and over plain HTTP, so nobody can
 * plant one. On a loopback server without TLS, browsers would refuse the prefix: a plain name there.
 */
export function createCookies(publicUrl: string): Cookies {
  const secure = publicUrl.startsWith('https:');
  const cookie = (role: string): Cookie => {
    const name = secure ? `__Host-sallyport-${role}` : `sallyport-${role}`;
    // Lax, not Strict: the way back from the identity provider is a navigation from another site.
    const flags = `Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
    return {
      read: (headers) => valueOf(headers.cookie, name),
      set: (value, maxAgeMs) => `${name}=${value}; Max-Age=${Math.floor(maxAgeMs / 1000)}; ${flags}`,
      clear: () => `${name}=; Max-Age=0; ${flags}`,
    };
  };
  return { session: cookie('console'), flow: cookie('sign-in') };
}

/** Null where there are two of the name: one of them was planted, and nobody can tell which. */
function valueOf(header: string | undefined, name: string): string | null {
  const values = (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  const [value] = values;
  return values.length === 1 && value !== undefined && /^[\w.-]{1,3000}$/.test(value) ? value : null;
}
