import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

const HERE = fileURLToPath(new URL('.', import.meta.url));

/** A lane beside another worker than the one that ships: a broken installation. */
async function laneBeside(t: { after(run: () => void): void }, worker: string) {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-lane-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const file of ['lane.ts', 'job.ts']) cpSync(join(HERE, file), join(folder, file));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(join(folder, 'inspect-worker.ts'), worker);
  const { openLane } = (await import(
    pathToFileURL(join(folder, 'lane.ts')).href
  )) as typeof import('./lane.ts');
  return openLane(20_000);
}

test('parsers that can’t be loaded say why', async (t) => {
  for (const [worker, says] of [
    [`import 'no-such-parser';`, /Cannot find package 'no-such-parser'/],
    [`null.parse;`, /TypeError: Cannot read properties of null/],
    [`throw 'a string';`, /no error/],
    [`process.exit(3);`, /ended with code 3/],
  ] as const) {
    const lane = await laneBeside(t, worker);
    await assert.rejects(lane.warm(), says, worker);
    await lane.close();
  }
});

test('a worker that fails on a statement is replaced, and nothing of its error is told', async (t) => {
  const lane = await laneBeside(
    t,
    `import { parentPort } from 'node:worker_threads';
     parentPort.on('message', ({ question }) => { throw new Error('can not parse ' + question.text); });
     parentPort.postMessage({ ready: true });`,
  );
  t.after(lane.close);
  await lane.warm();
  for (let round = 0; round < 2; round++) {
    assert.deepEqual(await lane.run({ kind: 'sql', dialect: 'sqlite', text: "SELECT 'secret'" }), {
      kind: 'sql',
      result: {
        ok: false,
        notUnderstood: {
          reason: 'crashed',
          message: 'The parser failed on this statement; a simpler one may pass.',
        },
      },
    });
  }
});
