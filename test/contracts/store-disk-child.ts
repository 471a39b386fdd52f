/**
 * A process whose disk fills up and has room again: it lowers its own RLIMIT_FSIZE, which a write meets the way it meets
 * a full disk. Prints one JSON line of what the store said meanwhile. Arguments: path; and `reading`
 * where something is read before the disk is full, so that the write-ahead log has a second user that keeps it.
 */
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { openSqliteStore } from '../../src/sessions/sqlite-store/open-sqlite-store.ts';
import { StoreUnavailable } from '../../src/sessions/store.ts';
import { intentOf, masked } from './sample-record.ts';

const [path = '', reading] = process.argv.slice(2);
const events: string[] = [];
const store = await openSqliteStore({ path, clock: Date.now, onEvent: ({ kind }) => events.push(kind) });
const acknowledged: string[] = [];
const refused: { readonly call: string; readonly recorded: string }[] = [];

/** The soft limit only, so that it can be lifted again. */
function limitFiles(bytes: number | 'unlimited'): void {
  execFileSync('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:`]);
}

async function append(call: string): Promise<void> {
  try {
    await store.append([{ ...intentOf(call, 's'), payload: masked('x'.repeat(8_000)) }]);
    acknowledged.push(call);
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    refused.push({ call, recorded: error.recorded });
  }
}

async function healthy(): Promise<boolean> {
  return store.health().then(
    () => true,
    () => false,
  );
}

for (let n = 0; n < 5; n += 1) await append(`before-${n}`);
if (reading === 'reading') await store.records({ limit: 1 });
limitFiles(Math.max(statSync(path).size, statSync(`${path}-wal`).size) + 20_000);
const healthBefore = await healthy();
for (let n = 0; n < 40; n += 1) await Promise.all([append(`full-${n}a`), append(`full-${n}b`)]);
// To the last byte, so that not even a probe fits.
limitFiles(4_096);
const healthFull = await healthy();
const readable = reading === 'reading' ? (await store.records({ limit: 1 })).length : 0;
limitFiles('unlimited');
const healthAfter = await healthy();
for (let n = 0; n < 5; n += 1) await append(`after-${n}`);
await store.close();
process.stdout.write(
  JSON.stringify({ acknowledged, refused, events, healthBefore, healthFull, healthAfter, readable }),
);
