import { isIP } from 'node:net';

/** Where the server listens. */
export interface Listen {
  /** A name or an address, IPv6 without brackets. */
  readonly host: string;
  /** 0 lets the system pick, which takes a `public_url`. */
  readonly port: number;
}

const LISTEN = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9.-]+)):(\d{1,5})$/;

/** `host:port`, `[::1]:port`; undefined where it is neither. */
export function parseListen(text: string): Listen | undefined {
  const match = LISTEN.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || port > 65_535) return undefined;
  if (match?.[1] !== undefined && isIP(host) !== 6) return undefined;
  return { host: host.toLowerCase(), port };
}

/** Whether only this machine can reach a host. A name other than `localhost` may resolve to anything. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  if (bare === 'localhost' || bare.endsWith('.localhost')) return true;
  if (isIP(bare) === 4) return bare.startsWith('127.');
  // `::ffff:127.0.0.1` in the forms that a URL and a person write it.
  return bare === '::1' || /^(?:0+:){7}0*1$/.test(bare) || /^::ffff:(?:127\.|7f[0-9a-f]{2}:)/.test(bare);
}
