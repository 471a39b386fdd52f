import { z } from 'zod';
import type { Json } from '../model/json.ts';
import type { LoadError } from '../model/load-error.ts';
import type { YamlDocument } from '../skills/yaml-document.ts';
import type { ServerConfig } from './config.ts';
import { isLoopback } from './listen.ts';

/** What of `identity` decides whether the door may stand open to a network; the rest is another room's. */
const doorSchema = z.looseObject({ dev: z.unknown(), issuers: z.array(z.unknown()).optional() });

interface Exposure {
  readonly errors: readonly LoadError[];
  readonly warnings: readonly LoadError[];
}

/** Development tokens can be made by anybody who can read this machine's files: they stay on this machine. */
export function checkExposure(document: YamlDocument, server: ServerConfig, identity: Json): Exposure {
  const door = doorSchema.safeParse(identity);
  const dev = door.success && door.data.dev != null && door.data.dev !== false;
  const issuers = door.success ? (door.data.issuers?.length ?? 0) : 0;
  const publicHost = new URL(server.publicUrl).hostname;
  const errors: LoadError[] = [];
  const warnings: LoadError[] = [];
  const at = (...path: string[]): Pick<LoadError, 'file' | 'line' | 'column'> => ({
    file: document.file,
    ...document.positionOf(path),
  });

  const open = !isLoopback(server.listen.host);
  if (dev && open) {
    const message = `server.listen: development tokens are on and "${server.listen.host}" can be reached from other machines; expected a loopback address`;
    errors.push({
      ...at('server', 'listen'),
      message,
      suggestion: 'listen on 127.0.0.1, or set identity.dev to false',
    });
  } else if (dev && !isLoopback(publicHost)) {
    const message = `server.public_url: development tokens are on and "${publicHost}" is not this machine; expected a loopback address`;
    errors.push({ ...at('server', 'public_url'), message, suggestion: 'set identity.dev to false' });
  }
  if (open && !dev && issuers === 0) {
    const message =
      'identity: no issuer is configured, so over the network only services with an API key can call';
    warnings.push({ ...at('identity'), message, suggestion: 'add identity.issuers for people' });
  }
  if (!isLoopback(publicHost) && server.publicUrl.startsWith('http:')) {
    const message = 'server.public_url: tokens would cross the network in the clear; expected https';
    warnings.push({ ...at('server', 'public_url'), message });
  }
  return { errors, warnings };
}
