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
