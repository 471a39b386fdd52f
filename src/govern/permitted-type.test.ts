import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);
const dir = mkdtempSync(join(tmpdir(), 'sallyport-types-'));
after(() => rmSync(dir, { recursive: true, force: true }));

/** The only two files that may say that something is what the compiler can't see that it is. */
const MAKERS = ['src/govern/permit.ts', 'src/masking/mask.ts'];
/** What may call a maker of permitted calls: the line itself. */
const PERMITTERS = ['src/govern/govern.ts'];

const sources = globSync('src/**/*.ts', { cwd: root })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => !path.endsWith('.test.ts'));

/** Type assertions that the linter finds where nothing is excused, by file. */
async function assertionsIn(files: readonly string[], cwd: string): Promise<readonly string[]> {
  const config = join(dir, 'assertions.json');
  const rules = { 'typescript/consistent-type-assertions': ['error', { assertionStyle: 'never' }] };
  writeFileSync(
    config,
    JSON.stringify({ plugins: ['typescript'], categories: { correctness: 'off' }, rules }),
  );
  const oxlint = join(root, 'node_modules/.bin/oxlint');
  const args = ['--config', config, '--format', 'json', '--disable-nested-config', ...files];
  const { stdout } = await run(oxlint, args, { cwd, maxBuffer: 1 << 26 }).catch(
    (failed: { stdout: string }) => failed,
  );
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string; filename: string }[] };
  return [...new Set(diagnostics.map(({ filename }) => filename))].toSorted();
}

test('type assertions stand in the two makers and nowhere else in src', async () => {
  assert.deepEqual(await assertionsIn(sources, root), MAKERS);
});

test('no comment in src switches the compiler off, or the rule that finds assertions', () => {
  const off =
    /@ts-(?:ignore|expect-error|nocheck)|lint-disable(?:-next-line|-line)?(?:\s*$|\s*--|.*assertions)/m;
  const found = sources.filter((path) => off.test(readFileSync(join(root, path), 'utf8')));
  assert.deepEqual(found, []);
});

test('that search finds what is planted', async () => {
  writeFileSync(join(dir, 'planted.ts'), 'export const forged = {} as unknown as string;\n');
  writeFileSync(join(dir, 'angle.ts'), 'export const forged = <string>(<unknown>{});\n');
  writeFileSync(join(dir, 'clean.ts'), 'export const list = [1] as const;\n');
  assert.deepEqual(await assertionsIn(['planted.ts', 'angle.ts', 'clean.ts'], dir), [
    'angle.ts',
    'planted.ts',
  ]);
});

test('only the line makes a permitted call', () => {
  const importing = sources.filter((path) =>
    /from '(?:\.\/|(?:\.\.\/)+govern\/)permit\.ts'/.test(readFileSync(join(root, path), 'utf8')),
  );
  assert.deepEqual(importing, PERMITTERS);
});

/** Errors of the compiler, by the line they are in. */
async function compile(source: string): Promise<ReadonlyMap<number, string>> {
  const file = join(dir, 'fixture.ts');
  writeFileSync(file, source.replaceAll('SRC', join(root, 'src')));
  writeFileSync(join(dir, 'package.json'), '{"type":"module"}');
  const config = join(dir, 'tsconfig.json');
  const typeRoots = [join(root, 'node_modules/@types')];
  const compilerOptions = { noEmit: true, typeRoots, rewriteRelativeImportExtensions: false };
  writeFileSync(
    config,
    JSON.stringify({ extends: join(root, 'tsconfig.json'), compilerOptions, include: [file] }),
  );
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const { stdout } = await run(process.execPath, [tsc, '-p', config]).catch(
    (failed: { stdout: string }) => failed,
  );
  const errors = stdout.matchAll(/fixture\.ts\((\d+),\d+\): error (TS\d+)/g);
  return new Map([...errors].map(([, line, code]) => [Number(line), String(code)]));
}

test('a permitted call that was not permitted does not compile, however it is put together', async () => {
  const errors = await compile(`import type { PermittedCall, ToolCall } from 'SRC/model/tool-call.ts';
import type { Connector } from 'SRC/connectors/connector.ts';
import type { Decision } from 'SRC/model/decision.ts';
import { permit } from 'SRC/govern/permit.ts';
declare const call: ToolCall;
declare const connector: Connector;
declare const decision: Decision;
declare const refused: Extract<Decision, { effect: 'refuse' }>;
declare const allowed: Extract<Decision, { effect: 'allow' }>;
const turned = { ok: true, bound: {}, revealed: {} } as const;
const io = { signal: new AbortController().signal };
export const literal: PermittedCall = { call, facts: {}, bound: {}, revealed: {}, policies: [], grant: null };
export const frozen: PermittedCall = Object.freeze({ call, facts: {}, bound: {}, revealed: {}, policies: [], grant: null });
export const run = connector.run({ call, facts: {}, bound: {}, revealed: {}, policies: [], grant: null }, io);
export const bare = connector.run(call, io);
export const undecided = permit(call, {}, { ok: true, decision, grant: null }, turned);
export const denied = permit(call, {}, { ok: true, decision: refused, grant: null }, turned);
export const good = connector.run(permit(call, {}, { ok: true, decision: allowed, grant: null }, turned), io);
`);
  assert.deepEqual([...errors.keys()], [12, 13, 14, 15, 16, 17]);
});
