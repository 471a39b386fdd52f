/**
 * A process that spends every grant it finds, for tests that race two of them and kill them. Prints `spent ID CALL` for
 * each that the store said was done. Arguments: store, name.
 */
import { writeSync } from 'node:fs';
import { openNamed } from './open-named.ts';
import { useOf } from './sample-approval.ts';

const [path = '', name = ''] = process.argv.slice(2);
const store = await openNamed(path);
// By id, so that both go the same way and meet.
const grants = (await store.approvals({ status: ['approved'], limit: 10_000 })).toSorted((a, b) =>
  a.request.id < b.request.id ? -1 : 1,
);
writeSync(1, `ready ${grants.length}\n`);
const queue = grants.values();

async function spendNext(): Promise<void> {
  for (const grant of queue) {
    const { id } = grant.request;
    // Retried at once, as an agent may: two calls for one grant in this process, too.
    await Promise.all(
      ['x', 'y'].map(async (retry) => {
        const call = `${name}-${id}-${retry}`;
        const { records, change } = useOf(grant, call);
        if (await store.appendWith(records, change)) writeSync(1, `spent ${id} ${call}\n`);
      }),
    );
  }
}

await Promise.all(Array.from({ length: 4 }, spendNext));
await store.close();
