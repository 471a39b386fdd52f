/** Enters a store, says so, and stays until it is killed. */
import { openSqliteStore } from '../../src/sessions/sqlite-store/open-sqlite-store.ts';

const [path = '', id = ''] = process.argv.slice(2);
const store = await openSqliteStore({ path, clock: Date.now });
await store.processes.enter(id);
process.send?.('entered');
setInterval(() => undefined, 1_000);
