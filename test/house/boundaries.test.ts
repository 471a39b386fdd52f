import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

/** The import table of docs/architecture.md, written out once more, so that the linter's reading of it is tested. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  model: [],
  policy: ['model'],
  inspect: ['model'],
  masking: ['model'],
  identity: ['model'],
  approval: ['model'],
  connectors: ['model'],
  sessions: ['model'],
  verify: ['model'],
  evidence: ['model', 'sessions'],
  witness: ['model', 'verify'],
  skills: ['model'],
  observe: ['model'],
  example: ['model'],
  govern: ['model', 'policy', 'inspect', 'masking'],
  replay: ['model', 'policy', 'inspect', 'masking'],
  config: ['model', 'policy', 'masking', 'skills'],
  server: ['model', 'govern'],
  console: ['model', 'govern'],
  cli: ['model', 'app'],
};
const FOLDERS = Object.keys(MAY_IMPORT);
const WITHOUT_IO = ['policy', 'inspect', 'masking', 'replay'];

const root = join(import.meta.dirname, '..', '..');
const house = mkdtempSync(join(tmpdir(), 'sallyport-house-'));
after(() => rmSync(house, { recursive: true, force: true }));

function plant(folder: string, name: string, specifier: string): void {
  mkdirSync(join(house, 'src', folder), { recursive: true });
  writeFileSync(join(house, 'src', folder, `${name}.ts`), `export { thing } from '${specifier}';\n`);
}

/** Lints the planted house with this repository's own configuration. */
function violations(): ReadonlySet<string> {
  cpSync(join(root, '.oxlintrc.json'), join(house, '.oxlintrc.json'));
  const config = JSON.parse(readFileSync(join(house, '.oxlintrc.json'), 'utf8'));
  // Planted files import what does not exist, so there are no types to be aware of.
  writeFileSync(join(house, '.oxlintrc.json'), JSON.stringify({ ...config, options: {} }));
  const linted = spawnSync(join(root, 'node_modules/.bin/oxlint'), ['--format', 'json', 'src'], {
    cwd: house,
    encoding: 'utf8',
  });
  const { diagnostics } = JSON.parse(linted.stdout) as { diagnostics: { code: string; filename: string }[] };
  return new Set(
    diagnostics.filter(({ code }) => code.includes('no-restricted-imports')).map(({ filename }) => filename),
  );
}

test('the linter refuses every import that the table forbids, and none that it allows', () => {
  const forbidden: string[] = [];
  for (const from of FOLDERS) {
    for (const to of FOLDERS.filter((folder) => folder !== from)) {
      plant(from, `to-${to}`, `../${to}/thing.ts`);
      if (!MAY_IMPORT[from]?.includes(to)) forbidden.push(`src/${from}/to-${to}.ts`);
      plant(join(from, 'deeper'), `to-${to}`, `../../${to}/thing.ts`);
      if (!MAY_IMPORT[from]?.includes(to)) forbidden.push(`src/${from}/deeper/to-${to}.ts`);
    }
    plant(from, 'to-app', '../app/thing.ts');
    if (!MAY_IMPORT[from]?.includes('app')) forbidden.push(`src/${from}/to-app.ts`);
    plant(from, 'to-main', '../main.ts');
    forbidden.push(`src/${from}/to-main.ts`);
    plant(from, 'to-beside', './beside.ts');
  }
  for (const from of [...WITHOUT_IO, 'model']) {
    plant(from, 'to-files', 'node:fs');
    plant(from, 'to-network', 'node:net');
    forbidden.push(`src/${from}/to-files.ts`, `src/${from}/to-network.ts`);
  }
  plant('model', 'to-package', 'zod');
  forbidden.push('src/model/to-package.ts');

  assert.deepEqual([...violations()].toSorted(), forbidden.toSorted());
});
