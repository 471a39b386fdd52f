import { chownSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { freePort, identity, runAs, spawnAs, type MissingServer } from '../contracts/servers.ts';

/** A PostgreSQL of the tests' own, which they may kill. Commits are on disk when it says so. */
export interface OwnPostgres {
  readonly url: string;
  /** SIGKILL to the server and everything that it started, at one moment. */
  readonly kill: () => Promise<void>;
  /** Resolves when it answers again. */
  readonly start: () => Promise<void>;
  readonly remove: () => Promise<void>;
}

export async function ownPostgres(): Promise<OwnPostgres | MissingServer> {
  const binary = globSync('/usr/lib/postgresql/*/bin/postgres').sort().at(-1);
  if (binary === undefined) return { missing: 'no PostgreSQL binaries in /usr/lib/postgresql' };
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-own-'));
  const { uid, gid } = identity();
  if (uid !== undefined && gid !== undefined) chownSync(directory, uid, gid);
  const data = join(directory, 'data');
  const locale = ['-A', 'trust', '-E', 'UTF8', '--no-sync', '--locale=C.UTF-8'];
  runAs(binary.replace(/postgres$/u, 'initdb'), ['-D', data, '-U', 'postgres', ...locale]);
  const port = await freePort();
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  let server: ReturnType<typeof spawnAs> | null = null;

  async function start(): Promise<void> {
    const settings = ['-c', 'listen_addresses=127.0.0.1', '-c', 'max_connections=60'];
    const deadline = Date.now() + 60_000;
    for (;;) {
      // Of a server that was killed there may be a process left, which has to notice first.
      if (server === null || server.exitCode !== null || server.signalCode !== null)
        server = spawnAs(binary ?? '', ['-D', data, '-p', String(port), '-k', directory, ...settings], true);
      if (await answers(url)) return;
      if (Date.now() > deadline) throw new Error('the server does not start again');
      await sleep(100);
    }
  }

  async function kill(): Promise<void> {
    const { pid } = server ?? {};
    if (server === null || pid === undefined) return;
    const ended = once(server, 'exit');
    process.kill(-pid, 'SIGKILL');
    await ended;
  }

  await start();
  console.log(`# started ${binary} for these tests, on a port of its own`);
  return {
    url,
    kill,
    start,
    remove: async () => {
      await kill();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}
