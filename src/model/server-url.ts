import { tlsMode, type TlsMode } from './tls-mode.ts';

/** Where a server is and who the gateway is there, read out of a connection's URL. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly tls: TlsMode | null;
}

interface UrlRules {
  readonly protocols: readonly string[];
  readonly port: number;
  /** Query parameter of the URL that names the TLS mode, and its words where they differ from ours. */
  readonly tlsParameter: string;
  readonly tlsWords: Readonly<Record<string, string>>;
}

/**
 * Parses the URL here and not in a driver: drivers read the environment, files and a dozen parameters besides, and put
 * the URL into their errors. A problem names the part that is wrong and never quotes it, for it may be the password.
 */
export function parseServerUrl(
  text: string,
  rules: UrlRules,
): { readonly ok: true; readonly address: ServerAddress } | { readonly ok: false; readonly problem: string } {
  const scheme = rules.protocols[0] ?? '';
  const url = URL.parse(text);
  if (url === null || !rules.protocols.includes(url.protocol))
    return problem(`expected a URL like ${scheme}//user:password@host/database`);
  const [user, password, database, hostname] = [
    url.username,
    url.password,
    url.pathname.slice(1),
    url.hostname,
  ].map(decode);
  if (user === undefined || password === undefined || database === undefined || hostname === undefined)
    return problem('a part of the URL is not valid percent-encoding');
  if (user === '') return problem('the URL names no user');
  if (database === '') return problem('the URL names no database');

  let host = hostname.replace(/^\[|\]$/gu, '');
  let tls: TlsMode | null = null;
  for (const [name, value] of url.searchParams) {
    if (name === 'host') host = value;
    else if (name === rules.tlsParameter) {
      tls = tlsMode(rules.tlsWords[value] ?? value);
      if (tls === null)
        return problem(
          `${name} is one of disable, require, verify-ca, verify-full (a weaker mode can be stripped)`,
        );
    } else return problem(`the URL has a parameter other than host and ${rules.tlsParameter}`);
  }
  if (host === '') return problem('the URL names no host');
  return {
    ok: true,
    address: { host, port: url.port === '' ? rules.port : Number(url.port), user, password, database, tls },
  };
}

function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

function problem(text: string): { readonly ok: false; readonly problem: string } {
  return { ok: false, problem: text };
}

/** Where a PostgreSQL server is. The words of `sslmode` are ours. */
export function parsePostgresUrl(
  text: string,
): { readonly ok: true; readonly address: ServerAddress } | { readonly ok: false; readonly problem: string } {
  return parseServerUrl(text, {
    protocols: ['postgres:', 'postgresql:'],
    port: 5432,
    tlsParameter: 'sslmode',
    tlsWords: {},
  });
}
