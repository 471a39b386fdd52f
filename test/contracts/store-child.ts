/**
 * A process that appends under load, for tests that kill it or run it beside another. Prints a line for each pair of
 * records that the store acknowledged: `intent ID`, `outcome ID`. Arguments: store, name, callers, pairs a caller.
 */
import { writeSync } from 'node:fs';
import { openNamed } from './open-named.ts';
import { intentOf, outcomeOf } from './sample-record.ts';

const [path = '', name = '', callers = '1', pairs = '1'] = process.argv.slice(2);
const store = await openNamed(path);

async function call(id: string): Promise<void> {
  await store.append([intentOf(id, name)]);
  writeSync(1, `intent ${id}\n`);
  await store.append([outcomeOf(id, name)]);
  writeSync(1, `outcome ${id}\n`);
}

await Promise.all(
  Array.from({ length: Number(callers) }, async (_, caller) => {
    for (let n = 0; n < Number(pairs); n += 1) await call(`${name}-${caller}-${n}`);
  }),
);
await store.close();
