import type { Configuration } from './configuration.ts';

/** The URL of the MCP endpoint: the audience of every token. */
export function endpointOf(configuration: Configuration): string {
  return `${configuration.server.publicUrl}/mcp`;
}

/** Beside the store, which is the one folder that is known to be writable and private. */
export function devKeyPath(configuration: Configuration): string {
  return `${configuration.store.path}.dev-key.json`;
}
