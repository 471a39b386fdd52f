import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { GatewayFolder } from '../support/gateway-process.ts';

/** The same folder with another address to listen on, for a second process that answers to the same public URL. */
export async function copyWithPort(folder: GatewayFolder): Promise<GatewayFolder> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  const configPath = join(folder.dir, 'beside.yaml');
  const yaml = readFileSync(folder.configPath, 'utf8');
  writeFileSync(configPath, yaml.replace(/listen: 127\.0\.0\.1:\d+/, `listen: 127.0.0.1:${address.port}`));
  return { ...folder, configPath };
}
