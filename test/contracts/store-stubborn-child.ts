/**
 * A process that appends whatever happens to its database, for tests that kill both. Prints `done ID` for what the store
 * acknowledged, `refused ID` for what it said is not and never will be on record, `unknown ID` for the rest. Arguments:
 * store, name, callers. Ends in order on SIGTERM.
 */
import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { StoreUnavailable } from '../../src/sessions/store.ts';
import { openNamed } from './open-named.ts';
import { intentOf, sampleRecord } from './sample-record.ts';

const [named = '', name = '', callers = '1'] = process.argv.slice(2);
const stop = new AbortController();
process.on('SIGTERM', () => stop.abort());

async function opened(): Promise<Awaited<ReturnType<typeof openNamed>>> {
  for (;;) {
    try {
      return await openNamed(named);
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      await sleep(200);
    }
  }
}

const store = await opened();
writeSync(1, 'open\n');

async function append(id: string): Promise<void> {
  try {
    await store.append([intentOf(id, name), sampleRecord('call.outcome', { call: id, session: name })]);
    writeSync(1, `done ${id}\n`);
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    writeSync(1, `${error.recorded === 'no' ? 'refused' : 'unknown'} ${id}\n`);
    await sleep(20);
  }
}

await Promise.all(
  Array.from({ length: Number(callers) }, async (_, caller) => {
    for (let n = 0; !stop.signal.aborted; n += 1) await append(`${name}-${caller}-${n}`);
  }),
);
await store.close();
