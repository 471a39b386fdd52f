/**
 * A process that appends to a signed record and says what was acknowledged, a line each, as soon as it was. Arguments: the path of
 * the record, and how many appends. A record that could not be appended is told as `refused` and why; an opening that
 * failed as `closed`.
 */
import { writeSync } from 'node:fs';
import { openSqliteStore } from '../../src/sessions/sqlite-store/open-sqlite-store.ts';
import { StoreUnavailable } from '../../src/sessions/store.ts';
import { intentOf, outcomeOf } from '../contracts/sample-record.ts';

const [path = '', count = '0', name = 'call'] = process.argv.slice(2);
const say = (line: string): void => void writeSync(1, `${line}\n`);

const store = await openSqliteStore({
  path,
  clock: Date.now,
  log: { keyFile: `${path}.log-key`, checkpointFile: `${path}.checkpoint`, origin: null },
  keys: { kind: 'file', path: `${path}.payload-key` },
}).catch((error: unknown) => {
  say(`closed ${String(error)}`);
  process.exit(3);
});
for (let at = 0; at < Number(count); at += 1) {
  const call = `${name}_${at}`;
  try {
    await store.append([intentOf(call, 'ses_1'), outcomeOf(call, 'ses_1')]);
    say(`acknowledged ${call}`);
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    say(`refused ${call} ${error.recorded}`);
  }
}
await store.close().catch((error: unknown) => say(`closing ${String(error)}`));
