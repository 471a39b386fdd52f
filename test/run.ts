/**
 * Runs the whole suite and closes with the line `N passed, N failed, N skipped`. With arguments, runs only the files
 * they name: `npm test -- src/masking/mask.test.ts`.
 */
import { globSync } from 'node:fs';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

const named = process.argv.slice(2);
const files = (named.length > 0 ? named : globSync(['src/**/*.test.ts', 'test/**/*.test.ts'])).toSorted();
if (files.length === 0) throw new Error('no test file was found');

const counts = { passed: 0, failed: 0, skipped: 0 };
const servers = new Set<string>();
const stream = run({ files, concurrency: 2, timeout: 600_000 });
stream.on('test:pass', ({ skip, details }) => {
  if (details.type === 'suite') return;
  if (skip === undefined || skip === false) counts.passed += 1;
  else counts.skipped += 1;
});
stream.on('test:fail', ({ details }) => {
  // A suite fails when a test in it fails; only a failure of its own counts beside that.
  if (details.type !== 'suite' || details.error.cause !== undefined) counts.failed += 1;
});
stream.on('test:stdout', ({ message }) => {
  for (const line of message.split('\n'))
    if (/^# (using|started|skipping)/.test(line)) servers.add(line.slice(2));
});
stream.compose(new spec()).pipe(process.stdout, { end: false });
stream.on('end', () => {
  setImmediate(() => {
    console.log(`\nran on Node ${process.version}`);
    for (const server of [...servers].toSorted()) console.log(server);
    console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
    process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0;
  });
});
