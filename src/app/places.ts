import type { Configuration } from './configuration.ts';

/** The URL of the MCP endpoint: the audience of every token. */
export function endpointOf(configuration: Configuration): string {
  return `${configuration.server.publicUrl}/mcp`;
}

/** Where people sign in and decide a request; null where nobody can sign in. It carries no secret: who signs in counts. */
export function pageOf({ console, identity, server }: Configuration, approval: string): string | null {
  if (console === null && !identity.dev.enabled) return null;
  return `${server.publicUrl}/console/approvals/${approval}`;
}

/** Beside the store, which is the one folder that is known to be writable and private. */
export function devKeyPath(configuration: Configuration): string {
  return `${configuration.store.beside}.dev-key.json`;
}
