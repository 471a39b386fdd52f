import { z } from 'zod';
import type { Json } from '../model/json.ts';
import type { LoadError } from '../model/load-error.ts';
import type { YamlDocument } from '../skills/yaml-document.ts';
import type { ConsoleConfig } from './config.ts';
import type { Frame } from './schema.ts';

type Written = NonNullable<Frame['console']>;

/** What of `identity` the console refers to; the rest is another room's. */
const issuersSchema = z.looseObject({ issuers: z.array(z.looseObject({ issuer: z.string() })) });

/**
 * Whoever signs in is identified as at the MCP endpoint, so the provider has to be one whose tokens are accepted there,
 * and one that can be discovered: by a URL, over TLS or on this machine.
 */
export function checkConsole(
  document: YamlDocument,
  written: Written | undefined,
  identity: Json,
): readonly LoadError[] {
  if (written === undefined) return [];
  const at = { file: document.file, ...document.positionOf(['console', 'issuer']) };
  const read = issuersSchema.safeParse(identity);
  const known = read.success ? read.data.issuers.map(({ issuer }) => issuer) : [];
  if (!known.includes(written.issuer)) {
    // The value is not quoted: it may have come from the environment.
    const message = 'console.issuer: this is not one of identity.issuers';
    return [{ ...at, message, suggestion: 'write it exactly as there, or add it there' }];
  }
  const url = URL.parse(written.issuer);
  const here = url !== null && /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && here)) return [];
  const message = 'console.issuer: expected an https URL (http only for this machine)';
  return [{ ...at, message }];
}

export function consoleConfig(written: Written): ConsoleConfig {
  return {
    issuer: written.issuer,
    clientId: written.client_id,
    clientSecret: written.client_secret ?? null,
    scopes: written.scopes,
  };
}
