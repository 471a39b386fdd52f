import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What the compiler says of a file that may import from src. */
async function compile(source: string): Promise<{ readonly ok: boolean; readonly output: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'masked-type-'));
  try {
    const file = join(folder, 'fixture.ts');
    await writeFile(file, source.replaceAll('SRC', join(root, 'src')));
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    const config = join(folder, 'tsconfig.json');
    const typeRoots = [join(root, 'node_modules/@types')];
    const compilerOptions = { noEmit: true, typeRoots, rewriteRelativeImportExtensions: false };
    await writeFile(
      config,
      JSON.stringify({ extends: join(root, 'tsconfig.json'), compilerOptions, include: [file] }),
    );
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    return await new Promise((resolve) => {
      execFile(process.execPath, [tsc, '-p', config], (error, stdout) =>
        resolve({ ok: error === null, output: stdout }),
      );
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test('what masking made can be answered, and the compiler accepts it', async () => {
  const made = await compile(`
    import { maskText } from 'SRC/masking/mask.ts';
    import type { MaskingRules } from 'SRC/masking/rules.ts';
    import type { Masked } from 'SRC/model/result.ts';
    export function answer(text: string, rules: MaskingRules): Masked<string> { return maskText(text, rules); }
  `);
  assert.ok(made.ok, made.output);
});

test('a masked value that masking did not make does not compile', async () => {
  const made = await compile(`
    import type { Masked } from 'SRC/model/result.ts';
    export const forged: Masked<string> = { value: 'bare', report: { findings: [] } };
  `);
  assert.ok(!made.ok);
  assert.match(made.output, /fixture\.ts\(3,.*error TS2741/);
});

test('a bare result in place of a masked one does not compile', async () => {
  const made = await compile(`
    import type { BackendResult, MaskedResult } from 'SRC/model/result.ts';
    export function answer(result: BackendResult): MaskedResult { return result; }
  `);
  assert.ok(!made.ok);
  assert.match(made.output, /fixture\.ts\(3,.*error TS2322|fixture\.ts\(3,.*error TS2739/);
});

test('neither a record nor an answer takes a value that masking did not make', async () => {
  const made = await compile(`
    import type { Answer } from 'SRC/model/answer.ts';
    import type { CallId } from 'SRC/model/tool-call.ts';
    import type { NewRecord } from 'SRC/model/record.ts';
    import type { BackendResult } from 'SRC/model/result.ts';
    const about = { type: 'call.intent', time: 0, session: null, call: null, event: {} } as const;
    export const bare: NewRecord = { ...about, payload: { email: 'ann@example.com' } };
    export const copied: NewRecord = { ...about, payload: { value: 'bare', report: { findings: [] } } };
    export const told = (result: BackendResult, call: CallId): Answer => ({ outcome: 'answered', call, result });
    export const failed = (message: string, call: CallId): Answer => ({ outcome: 'failed', call, message });
  `);
  assert.ok(!made.ok);
  const lines = [...made.output.matchAll(/fixture\.ts\((\d+),/g)].map(([, line]) => Number(line));
  for (const line of [7, 8, 9, 10]) assert.ok(lines.includes(line), `${line} compiles: ${made.output}`);
});
