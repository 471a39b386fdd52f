/**
 * Fuzzes the inspectors: `npm run fuzz -- --minutes 10 [--seed 1] [--kind sqlite]`. Prints how the cases ended and
 * every broken promise as a line of JSON, which belongs into test/inspect/corpus/found.jsonl once it is mended.
 */
import { parseArgs } from 'node:util';
import { fuzz } from './fuzz.ts';
import { KINDS } from './promises.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    kind: { type: 'string' },
  },
});
const seed = Number(values.seed);
const kinds = values.kind === undefined ? KINDS : KINDS.filter((kind) => kind === values.kind);
if (kinds.length === 0) throw new Error(`--kind is one of ${KINDS.join(', ')}`);
const { cases, ends, broken } = await fuzz({ seed, milliseconds: Number(values.minutes) * 60_000, kinds });
console.log(`${cases} cases from seed ${seed}`);
for (const [end, count] of [...ends].toSorted(([a], [b]) => (a < b ? -1 : 1)))
  console.log(`${end}: ${count}`);
for (const one of broken) console.log(JSON.stringify(one));
console.log(`${broken.length} broken promises`);
process.exitCode = broken.length > 0 ? 1 : 0;
