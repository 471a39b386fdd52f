/**
 * What it costs to make a record durable: appends of one 1.5 KB record each, at a few numbers of callers that wait for
 * their answer before the next, signed once a second as a gateway does, beside the control: the same rows, one plain INSERT a commit, in this thread.
 *
 *     node bench/store.ts [seconds per row]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { NewRecord } from '../src/model/record.ts';
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

async function appends(directory: string, callers: number): Promise<void> {
  const path = join(directory, `store-${callers}.db`);
  const log = { keyFile: `${path}.log-key`, checkpointFile: `${path}.checkpoint`, origin: null };
  const store = await openSqliteStore({ path, clock: Date.now, log });
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

const directory = mkdtempSync(join(tmpdir(), 'sallyport-bench-'));
try {
  control(directory);
  for (const callers of [1, 16, 64]) await appends(directory, callers);
} finally {
  rmSync(directory, { recursive: true });
}
