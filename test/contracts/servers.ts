import { spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import { Client } from 'pg';

/** A real database server that tests may use. */
export interface TestServer {
  /** With a user that may create databases, and without a trailing parameter. */
  readonly url: string;
  readonly version: string;
  /** Stops it where these tests started it. */
  stop(): Promise<void>;
}

/** Why there is none: the reason that a skipped test states. */
export interface MissingServer {
  readonly missing: string;
}

export interface ServerOptions {
  /** Start one of our own even where another runs, with these settings added to its command line. */
  readonly own?: readonly string[];
}

/** PostgreSQL from SALLYPORT_TEST_POSTGRES_URL, on 127.0.0.1:5432, or started from this machine's binaries. */
export async function postgresServer(options: ServerOptions = {}): Promise<TestServer | MissingServer> {
  return find('PostgreSQL', options, {
    candidates: [
      process.env['SALLYPORT_TEST_POSTGRES_URL'],
      'postgres://root@127.0.0.1:5432/postgres',
      'postgres://postgres@127.0.0.1:5432/postgres',
    ],
    version: async (url) => {
      const client = new Client({ connectionString: url, connectionTimeoutMillis: 3000 });
      client.on('error', () => {});
      try {
        await client.connect();
        const { rows } = await client.query<{ v: string }>("SELECT current_setting('server_version') AS v");
        return `PostgreSQL ${rows[0]!.v}`;
      } finally {
        await client.end().catch(() => {});
      }
    },
    binary: () => globSync('/usr/lib/postgresql/*/bin/postgres').sort().at(-1) ?? null,
    start: (binary, directory, port, settings) => {
      const data = join(directory, 'data');
      runAs(binary.replace(/postgres$/u, 'initdb'), [
        '-D',
        data,
        '-U',
        'postgres',
        '-A',
        'trust',
        '-E',
        'UTF8',
        '--no-sync',
        '--locale=C.UTF-8',
      ]);
      return {
        url: `postgres://postgres@127.0.0.1:${port}/postgres`,
        process: spawnAs(binary, [
          '-D',
          data,
          '-p',
          String(port),
          '-k',
          directory,
          '-c',
          'listen_addresses=127.0.0.1',
          '-c',
          'fsync=off',
          ...settings,
        ]),
        signal: 'SIGINT',
      };
    },
  });
}

/** MariaDB or MySQL from SALLYPORT_TEST_MYSQL_URL, on 127.0.0.1:3306, or started from this machine's binaries. */
export async function mysqlServer(options: ServerOptions = {}): Promise<TestServer | MissingServer> {
  return find('MySQL/MariaDB', options, {
    candidates: [process.env['SALLYPORT_TEST_MYSQL_URL'], 'mysql://root@127.0.0.1:3306/mysql'],
    version: async (url) => {
      const connection = await mysql.createConnection({ uri: url, connectTimeout: 3000 });
      try {
        const [rows] = await connection.query('SELECT VERSION() AS v');
        const version = (rows as { v: string }[])[0]!.v;
        return version.includes('MariaDB') ? version : `MySQL ${version}`;
      } finally {
        connection.destroy();
      }
    },
    binary: () => ['/usr/sbin/mariadbd', '/usr/bin/mariadbd'].find((path) => existsSync(path)) ?? null,
    start: (binary, directory, port, settings) => {
      const data = join(directory, 'data');
      const where = ['--no-defaults', `--datadir=${data}`];
      runAs('mariadb-install-db', [
        ...where,
        '--auth-root-authentication-method=normal',
        '--skip-test-db',
        `--tmpdir=${directory}`,
      ]);
      return {
        url: `mysql://root@127.0.0.1:${port}/mysql`,
        process: spawnAs(binary, [
          ...where,
          `--port=${port}`,
          '--bind-address=127.0.0.1',
          `--socket=${join(directory, 's')}`,
          `--pid-file=${join(directory, 'pid')}`,
          `--tmpdir=${directory}`,
          ...settings,
        ]),
        signal: 'SIGTERM',
      };
    },
  });
}

interface Recipe {
  readonly candidates: readonly (string | undefined)[];
  readonly version: (url: string) => Promise<string>;
  readonly binary: () => string | null;
  readonly start: (
    binary: string,
    directory: string,
    port: number,
    settings: readonly string[],
  ) => { readonly url: string; readonly process: ReturnType<typeof spawn>; readonly signal: NodeJS.Signals };
}

async function find(
  what: string,
  options: ServerOptions,
  recipe: Recipe,
): Promise<TestServer | MissingServer> {
  const tried: string[] = [];
  const candidates = options.own === undefined ? recipe.candidates : [];
  for (const url of candidates) {
    if (url === undefined) continue;
    try {
      const version = await recipe.version(url);
      console.log(`# using the ${version} that is running here`);
      return { url, version, stop: async () => {} };
    } catch (error) {
      tried.push(reason(error));
    }
  }
  const binary = recipe.binary();
  if (binary === null)
    return {
      missing: `${what}: none is running (${tried.join('; ') || 'not asked'}) and no binary is installed`,
    };
  try {
    return await startOwn(binary, options.own ?? [], recipe);
  } catch (error) {
    return { missing: `${what}: ${binary} did not start (${reason(error)})` };
  }
}

async function startOwn(binary: string, settings: readonly string[], recipe: Recipe): Promise<TestServer> {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-server-'));
  if (asRoot()) chownSync(directory, NOBODY, NOGROUP);
  const server = recipe.start(binary, directory, await freePort(), settings);
  const ended = new Promise<void>((resolve) => {
    server.process.once('exit', () => resolve());
  });
  const stop = async (): Promise<void> => {
    server.process.kill(server.signal);
    await ended;
    rmSync(directory, { recursive: true, force: true });
  };
  const deadline = Date.now() + 60_000;
  for (;;) {
    try {
      const version = await recipe.version(server.url);
      console.log(`# started ${version} for these tests`);
      return { url: server.url, version, stop };
    } catch (error) {
      if (server.process.exitCode !== null || Date.now() > deadline) {
        await stop();
        throw error;
      }
      await new Promise((resolve) => {
        setTimeout(resolve, 200);
      });
    }
  }
}

/** Both servers refuse to run as root. */
const NOBODY = 65534;
const NOGROUP = 65534;

function asRoot(): boolean {
  return process.getuid?.() === 0;
}

export function identity(): { uid?: number; gid?: number } {
  return asRoot() ? { uid: NOBODY, gid: NOGROUP } : {};
}

export function runAs(command: string, args: readonly string[]): void {
  const done = spawnSync(command, args, { ...identity(), cwd: tmpdir(), encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${command}: ${done.error?.message ?? done.stderr.slice(-500)}`);
}

/** `group`: it leads a group of processes, which can be ended at one moment. */
export function spawnAs(command: string, args: readonly string[], group = false): ReturnType<typeof spawn> {
  return spawn(command, args, { ...identity(), cwd: tmpdir(), stdio: 'ignore', detached: group });
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}
