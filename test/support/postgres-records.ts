import { randomBytes } from 'node:crypto';
import { after } from 'node:test';
import { Client } from 'pg';
import type { PostgresPlace } from '../../src/sessions/postgres-store/connection.ts';
import { postgresServer, type MissingServer } from '../contracts/servers.ts';

/** What payloads of test records are sealed under. */
export const PAYLOAD_KEY = Buffer.alloc(32, 7).toString('base64');
export const KEYS = { kind: 'text', text: PAYLOAD_KEY, from: 'the test' } as const;

/** A database on a real server that this test process has for itself, and that goes with it. */
export interface PostgresRecords {
  /** A schema that nobody has used yet. */
  readonly fresh: () => PostgresPlace;
  /** Statements as the owner of everything, in the schema of a place. */
  readonly sql: (place: PostgresPlace, ...statements: readonly string[]) => Promise<readonly unknown[]>;
  readonly url: (place: PostgresPlace) => string;
}

/** On the server of `postgresServer`, or on one that is named and goes away as a whole. */
export async function postgresRecords(url?: string): Promise<PostgresRecords | MissingServer> {
  const server = url === undefined ? await postgresServer() : { url, stop: async () => {} };
  if ('missing' in server) {
    console.log(`# without PostgreSQL: ${server.missing}`);
    return server;
  }
  const admin = new URL(server.url);
  const database = `sallyport_record_${process.pid}_${randomBytes(4).toString('hex')}`;
  await once(server.url, `CREATE DATABASE ${database}`);
  after(async () => {
    if (url !== undefined) return;
    await once(server.url, `DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
    await server.stop();
  });
  const own = new URL(server.url);
  own.pathname = `/${database}`;
  let schemas = 0;
  return {
    fresh: () => {
      schemas += 1;
      return {
        host: admin.hostname,
        port: Number(admin.port || 5432),
        user: decodeURIComponent(admin.username),
        password: decodeURIComponent(admin.password),
        database,
        ssl: false,
        schema: `record_${schemas}`,
      };
    },
    sql: ({ schema }, ...statements) => once(own.href, `SET search_path = ${schema}`, ...statements),
    url: ({ user, password, host, port, database: name }) =>
      `postgres://${user}${password === '' ? '' : `:${password}`}@${host}:${port}/${name}`,
  };
}

/** The rows of the last statement. */
async function once(url: string, ...statements: readonly string[]): Promise<readonly unknown[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    let rows: readonly unknown[] = [];
    for (const statement of statements) {
      const answer: unknown = await client.query(statement);
      const last: unknown = Array.isArray(answer) ? answer.at(-1) : answer;
      rows = (last as { readonly rows: readonly unknown[] }).rows;
    }
    return rows;
  } finally {
    await client.end();
  }
}
