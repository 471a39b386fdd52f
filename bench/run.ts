/**
 * What a governed call costs, and what its parts do: one run on one machine, so read the ratios.
 *
 *     npm run bench            about six minutes
 *     npm run bench -- --quick under three
 *
 * Prints, asserts nothing.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { builtMain } from '../test/support/built.ts';
import { compare } from './compare.ts';
import { describeMachine, pin } from './machine.ts';

const flag = { type: 'boolean', default: false } as const;
const { values } = parseArgs({ options: { quick: flag, help: { ...flag, short: 'h' } } });
if (values.help) {
  console.log('npm run bench               about six minutes\nnpm run bench -- --quick    under three');
  process.exit();
}
const started = performance.now();
const main = builtMain();
const pinning = pin();
console.log(describeMachine(pinning));

section('A governed read of one row beside an ungoverned echo');
console.log(
  'JWT, policy, inspection, masking, and the intent and the outcome durable, over HTTP 2026-07-28.',
);
const amount = values.quick
  ? { rounds: 5, roundMs: 700, warmCalls: 15_000 }
  : { rounds: 7, roundMs: 2000, warmCalls: 40_000 };
await compare({ main, pinned: pinning.server, ...amount });

part('The store: appends', 'store.ts', values.quick ? '0.5' : '3');
part('Policy: decisions', 'policy.ts');
part('Masking', 'masking.ts');
part('Inspection: one statement, command, request or text', 'inspect.ts');
part('The front alone, with an echo behind it', 'front.ts', values.quick ? '0.7' : '3', '16');
console.log(`\n${((performance.now() - started) / 1000).toFixed(0)} s`);

function section(title: string): void {
  console.log(`\n## ${title}\n`);
}

/** A benchmark of one room, in a process of its own on the servers' core. */
function part(title: string, file: string, ...args: readonly string[]): void {
  section(title);
  const path = fileURLToPath(new URL(file, import.meta.url));
  const [command = '', ...rest] = [...pinning.server, process.execPath, path, ...args];
  const { status } = spawnSync(command, rest, { stdio: 'inherit' });
  if (status !== 0) console.log(`(${file} ended with ${status})`);
}
