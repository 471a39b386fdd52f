/**
 * What it costs to make a record durable: appends of one 1.5 KB record each, at a few numbers of callers that wait for
 * their answer before the next, signed once a second as a gateway does; then appends that arrive at a steady rate whether or
 * not the ones before are done, each timed from when it was due. Beside them the control: the same rows, one plain INSERT a
 * commit, in this thread. Where a PostgreSQL answers, the same there: in SALLYPORT_TEST_POSTGRES_URL, or on 127.0.0.1:5432.
 *
 *     node bench/store.ts [seconds per row]
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { DatabaseSync } from 'node:sqlite';
import type { NewRecord } from '../src/model/record.ts';
import { Client } from 'pg';
import type { PostgresPlace } from '../src/sessions/postgres-store/connection.ts';
import { openPostgresStore } from '../src/sessions/postgres-store/open-postgres-store.ts';
import type { Store } from '../src/sessions/store.ts';
import { openSqliteStore } from '../src/sessions/sqlite-store/open-sqlite-store.ts';

const seconds = Number(process.argv[2] ?? 3);
const payload = {
  value: { text: 'x'.repeat(1_490) },
  report: { findings: [] },
} as unknown as NewRecord['payload'];
let made = 0;

function record(): NewRecord {
  made += 1;
  const event = {
    tool: 'find_customer',
    skill: 'customer-support',
    connection: 'crm',
    environment: 'production',
    principal: 'alice',
    issuer: 'https://idp.example.com',
    policies: ['support#1'],
    rules: 'a'.repeat(64),
    client: 'claude-code 2.1.329',
  };
  return {
    type: 'call.intent',
    time: Date.now(),
    session: `s${made % 20}`,
    call: `call_${made}`,
    event,
    payload,
  };
}

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function report(name: string, latencies: number[], elapsedMs: number, cpuMs: number): void {
  latencies.sort((a, b) => a - b);
  const columns = [
    name.padEnd(28),
    `${Math.round(latencies.length / (elapsedMs / 1000))} records/s`.padStart(18),
    `p50 ${percentile(latencies, 0.5).toFixed(3)} ms`.padStart(16),
    `p99 ${percentile(latencies, 0.99).toFixed(3)} ms`.padStart(16),
    `CPU ${((cpuMs * 1000) / latencies.length).toFixed(0)} µs/record`.padStart(20),
  ];
  console.log(columns.join(''));
}

function cpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function control(directory: string): void {
  const db = new DatabaseSync(join(directory, 'control.db'));
  db.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT)',
  );
  const insert = db.prepare('INSERT INTO t (a, b) VALUES (?, ?)');
  const latencies: number[] = [];
  const start = performance.now();
  const before = cpu();
  while (performance.now() - start < seconds * 1000) {
    const { event, payload: masked } = record();
    const at = performance.now();
    insert.run(JSON.stringify(event), JSON.stringify(masked?.value));
    latencies.push(performance.now() - at);
  }
  report('control: plain insert', latencies, performance.now() - start, cpu() - before);
  db.close();
}

async function sqliteStore(directory: string): Promise<Store> {
  const path = join(mkdtempSync(join(directory, 'store-')), 'store.db');
  const log = { keyFile: `${path}.log-key`, checkpointFile: `${path}.checkpoint`, origin: null };
  return await openSqliteStore({ path, clock: Date.now, log });
}

async function appends(store: Store, callers: number): Promise<void> {
  const latencies: number[] = [];
  const start = performance.now();
  const before = cpu();
  await Promise.all(
    Array.from({ length: callers }, async () => {
      while (performance.now() - start < seconds * 1000) {
        const at = performance.now();
        await store.append([record()]);
        latencies.push(performance.now() - at);
      }
    }),
  );
  report(`append, ${callers} at a time`, latencies, performance.now() - start, cpu() - before);
  await store.close();
}

/** Records a second: half of what one gateway has to take. */
const STEADY = 2_500;

async function steady(store: Store, rate: number): Promise<void> {
  const latencies: number[] = [];
  const start = performance.now();
  const before = cpu();
  const underway: Promise<void>[] = [];
  for (let sent = 0; sent < rate * seconds;) {
    const due = ((performance.now() - start) / 1000) * rate;
    for (; sent < due && sent < rate * seconds; sent += 1) {
      const at = start + (sent / rate) * 1000;
      underway.push(store.append([record()]).then(() => void latencies.push(performance.now() - at)));
    }
    await pause(1);
  }
  await Promise.all(underway);
  report(`append, ${rate} a second`, latencies, performance.now() - start, cpu() - before);
  await store.close();
}

const SERVER = process.env['SALLYPORT_TEST_POSTGRES_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';

async function inPostgres(directory: string): Promise<void> {
  const admin = new Client({ connectionString: SERVER, connectionTimeoutMillis: 2_000 });
  admin.on('error', () => {});
  try {
    await admin.connect();
  } catch {
    console.log('PostgreSQL: none answers, so there is nothing to measure');
    return;
  }
  const database = `sallyport_bench_${process.pid}`;
  await admin.query(`CREATE DATABASE ${database}`);
  try {
    const { hostname: host, port, username: user, password } = new URL(SERVER);
    const at = { host, port: Number(port || 5432), user, password, database, ssl: false } as const;
    console.log('PostgreSQL');
    await controlInPostgres(at);
    for (const callers of [1, 16, 64]) await appends(await postgresStore(directory, at), callers);
    await steady(await postgresStore(directory, at), STEADY);
  } finally {
    await admin.query(`DROP DATABASE ${database} WITH (FORCE)`);
    await admin.end();
  }
}

type Server = Omit<PostgresPlace, 'schema'>;

async function controlInPostgres(server: Server): Promise<void> {
  const client = new Client({ ...server });
  await client.connect();
  await client.query(
    'SET synchronous_commit = on; CREATE TABLE t (id BIGSERIAL PRIMARY KEY, a TEXT, b TEXT)',
  );
  const latencies: number[] = [];
  const start = performance.now();
  const before = cpu();
  while (performance.now() - start < seconds * 1000) {
    const { event, payload: masked } = record();
    const values = [JSON.stringify(event), JSON.stringify(masked?.value)];
    const at = performance.now();
    await client.query({ name: 'insert', text: 'INSERT INTO t (a, b) VALUES ($1, $2)', values });
    latencies.push(performance.now() - at);
  }
  report('control: plain insert', latencies, performance.now() - start, cpu() - before);
  await client.end();
}

async function postgresStore(directory: string, server: Server): Promise<Store> {
  const home = mkdtempSync(join(directory, 'postgres-'));
  const place = { ...server, schema: `bench_${randomBytes(4).toString('hex')}` };
  const log = { keyFile: join(home, 'log-key'), checkpointFile: join(home, 'checkpoint'), origin: null };
  const keys = { kind: 'file', path: join(home, 'payload-key') } as const;
  return await openPostgresStore({ place, owner: place, clock: Date.now, keys, log });
}

const directory = mkdtempSync(join(tmpdir(), 'sallyport-bench-'));
try {
  control(directory);
  for (const callers of [1, 16, 64]) await appends(await sqliteStore(directory), callers);
  await steady(await sqliteStore(directory), STEADY);
  await inPostgres(directory);
} finally {
  rmSync(directory, { recursive: true });
}
