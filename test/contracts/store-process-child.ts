/** Enters a store, says so, and stays until it is killed. */
import { openNamed } from './open-named.ts';

const [named = '', id = ''] = process.argv.slice(2);
const store = await openNamed(named);
await store.processes.enter(id);
process.send?.('entered');
setInterval(() => undefined, 1_000);
