import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { DatabaseSync } from 'node:sqlite';
import { dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { anchorsOf, blocksOf, codeIn, codeOf, linksOf, rowsOf } from './markdown.ts';
import { vocabulary } from '../policy/fixture.ts';
import { runProgram } from '../../src/cli/program.ts';
import { ensureExampleDatabase } from '../../src/example/crm.ts';
import { inspectFixed } from '../../src/inspect/sql/fixed-statement.ts';
import { inspectShell } from '../../src/inspect/shell/inspect-shell.ts';
import { loadPatterns } from '../../src/inspect/text/patterns-file.ts';
import { startInspector } from '../../src/inspect/inspector.ts';
import { maskText } from '../../src/masking/mask.ts';
import { DATA_CLASSES } from '../../src/masking/data-classes.ts';
import { loadMaskingRules } from '../../src/masking/rules.ts';
import { createMetrics } from '../../src/observe/metrics.ts';
import { loadPolicies } from '../../src/policy/load.ts';
import { MIGRATIONS } from '../../src/sessions/sqlite-store/migrations.ts';
import type { SqlDialect } from '../../src/model/facts.ts';

const root = join(import.meta.dirname, '..', '..');
const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
  .split('\0')
  .filter((path) => path !== '' && existsSync(join(root, path)));
const pages = new Map(
  tracked.filter((path) => path.endsWith('.md')).map((path) => [path, read(path)] as const),
);

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** The words of a closed union of strings, out of its source. */
function unionOf(file: string, name: string): readonly string[] {
  const [, body = ''] = new RegExp(`(?:type|readonly) ${name} ?[:=]([^;]*);`).exec(read(file)) ?? [];
  const words = [...body.replaceAll(/\/\*.*?\*\//gs, '').matchAll(/'([\w.]+)'/g)].map(
    ([, word = '']) => word,
  );
  assert.ok(words.length >= 2, `${name} of ${file} was not found`);
  return words;
}

test('every link in the documentation leads somewhere', () => {
  const broken: string[] = [];
  for (const [path, page] of pages) {
    for (const link of linksOf(page).filter((target) => !/^[a-z]+:/.test(target))) {
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? path : relative(root, resolve(root, dirname(path), file));
      const exists = existsSync(join(root, target));
      const found = exists && (anchor === undefined || anchorsOf(read(target)).has(anchor));
      if (!found) broken.push(`${path}: ${link}`);
    }
  }
  assert.deepEqual(broken, []);
  assert.ok([...pages.values()].flatMap(linksOf).length > 30, 'links were found at all');
});

test('every command and option that the documentation names exists, and docs/cli.md names every one', async () => {
  const help = async (...command: string[]): Promise<string> => {
    let text = '';
    const output = { out: (more: string) => void (text += more), err: () => undefined };
    assert.equal(await runProgram([...command, '--help'], output, {}), 0, command.join(' '));
    return text;
  };
  const commandsIn = (text: string): readonly string[] =>
    [...(text.split('Commands:')[1] ?? '').matchAll(/^ {2}([a-z]+)/gm)]
      .map(([, name = '']) => name)
      .filter((name) => name !== 'help');
  const optionsIn = (text: string): readonly string[] =>
    [...text.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map(([, name = '']) => name);

  const options = new Map<string, readonly string[]>();
  const nested = new Set<string>();
  for (const name of commandsIn(await help())) {
    const text = await help(name);
    options.set(name, optionsIn(text));
    for (const under of commandsIn(text)) {
      nested.add(name);
      options.set(`${name} ${under}`, optionsIn(await help(name, under)));
    }
  }

  const wrong: string[] = [];
  for (const [path, page] of pages) {
    for (const code of codeOf(page)) {
      for (const [, words = ''] of code.matchAll(/\bsallyport ([a-z]+(?: [a-z]+)?(?![\w:/])[^|;#)]*)/g)) {
        const [first = '', second = ''] = words.split(/[^a-z]+/);
        const command = nested.has(first) && options.has(`${first} ${second}`) ? `${first} ${second}` : first;
        const known = options.get(command);
        if (known === undefined) wrong.push(`${path}: sallyport ${words}`);
        for (const [option] of words.matchAll(/(?<=[\s[])--[a-z][a-z-]*/g))
          if (known !== undefined && !known.includes(option)) wrong.push(`${path}: ${command} ${option}`);
      }
    }
  }
  assert.deepEqual(wrong, []);

  const page = pages.get('docs/cli.md') ?? '';
  for (const [command, known] of options) {
    if (!nested.has(command))
      assert.ok(page.includes(`sallyport ${command}`), `${command} is in docs/cli.md`);
    for (const option of known.filter((each) => each !== '--help'))
      assert.ok(page.includes(option), `${command} ${option} is in docs/cli.md`);
  }
});

test('docs/session-store.md has every type of record, every word of the closed lists, every table and index', () => {
  const page = pages.get('docs/session-store.md') ?? '';
  for (const type of unionOf('src/model/record.ts', 'RecordType'))
    assert.ok(page.includes(`### \`${type}\`\n`), `${type} has a section`);
  const words = [
    ...unionOf('src/model/answer.ts', 'RefusalCause'),
    ...unionOf('src/model/principal.ts', 'IdentityFailure'),
    ...unionOf('src/govern/gateway.ts', 'failure'),
    ...unionOf('src/model/result.ts', 'BackendFailure'),
    ...unionOf('src/model/result.ts', 'did'),
  ];
  for (const word of words) assert.ok(page.includes(`\`${word}\``), `${word} is there`);
  const schema = MIGRATIONS.map(({ sql }) => sql).join('\n');
  for (const [, name = ''] of schema.matchAll(/CREATE (?:TABLE|INDEX|TRIGGER) (\w+)/g))
    assert.ok(page.includes(`\`${name}\``), `${name} is there`);
});

test('docs/operating.md has every metric and every station, and no page has another metric', async () => {
  const page = pages.get('docs/operating.md') ?? '';
  const { body } = await createMetrics({ storeStats: () => ({ queued: 0, inFlight: 0 }) }).render();
  const metrics = [...body.matchAll(/^# TYPE (sallyport_\w+)/gm)].map(([, name = '']) => name);
  assert.ok(metrics.length >= 5);
  for (const name of metrics) assert.ok(page.includes(`| \`${name}\` |`), `${name} has a row`);
  for (const station of unionOf('src/model/watch.ts', 'Station'))
    assert.ok(page.includes(`\`${station}\``), `${station} is there`);
  for (const [path, text] of pages)
    for (const [name] of text.matchAll(/\bsallyport_[a-z_]+/g))
      assert.ok(metrics.includes(name.replace(/_(?:bucket|sum|count)$/, '')), `${path}: ${name}`);
});

test('docs/operating.md asks for the Node.js that package.json asks for', () => {
  const { engines } = JSON.parse(read('package.json')) as { readonly engines: { readonly node: string } };
  assert.ok(read('docs/operating.md').includes(`Node.js ${engines.node.replace('>=', '')} or newer`));
});

test('the facts on docs/facts-for-policies.md are those that the inspector finds, and none is missing', async (t) => {
  const page = read('docs/facts-for-policies.md');
  const inspector = startInspector();
  t.after(() => inspector.close());
  const rows = rowsOf(page, ['dialect', 'statement', 'facts']);
  assert.ok(rows.length >= 30);
  for (const [dialect, statement, expected] of rows) {
    const found = await inspector.sql(codeIn(dialect) as SqlDialect, codeIn(statement));
    const facts: Record<string, unknown> = found.ok
      ? { understood: true, ...found.facts }
      : { understood: false, ...found.notUnderstood };
    const wanted = JSON.parse(codeIn(expected)) as Record<string, unknown>;
    const same = Object.fromEntries(Object.keys(wanted).map((key) => [key, facts[key]]));
    assert.deepEqual(same, wanted, codeIn(statement));
  }
  const requests = rowsOf(page, ['request', 'facts']);
  assert.ok(requests.length >= 5);
  for (const [request, expected] of requests) {
    const found = await inspector.http(codeIn(request));
    const facts: Record<string, unknown> = found.ok
      ? { understood: true, ...found.facts }
      : { understood: false, ...found.notUnderstood };
    const wanted = JSON.parse(codeIn(expected)) as Record<string, unknown>;
    const same = Object.fromEntries(Object.keys(wanted).map((key) => [key, facts[key]]));
    assert.deepEqual(same, wanted, codeIn(request));
    if (found.ok)
      for (const name of Object.keys(found.facts))
        assert.ok(page.includes(`\`${name}\``), `${name} is on the page`);
  }
  const texts = rowsOf(page, ['text', 'facts']);
  assert.ok(texts.length >= 4);
  const patterns = loadPatterns({ path: 'policies/patterns.yaml', text: read('policies/patterns.yaml') });
  assert.ok(patterns.ok);
  for (const [text, expected] of texts) {
    const found = await inspector.text(patterns.value, codeIn(text));
    assert.ok(found.ok);
    const facts: Record<string, unknown> = { ...found.facts };
    const wanted = JSON.parse(codeIn(expected)) as Record<string, unknown>;
    const same = Object.fromEntries(Object.keys(wanted).map((key) => [key, facts[key]]));
    assert.deepEqual(same, wanted, codeIn(text));
    for (const name of Object.keys(facts)) assert.ok(page.includes(`\`${name}\``), `${name} is on the page`);
  }
  const any = await inspectFixed(inspector.sql, 'sqlite', 'SELECT 1');
  assert.ok(any.ok);
  for (const name of Object.keys(any.statement.facts))
    assert.ok(page.includes(`\`${name}\``), `${name} is on the page`);
});

test('the facts of commands on docs/facts-for-policies.md are those that the inspector finds, and none is missing', () => {
  const page = read('docs/facts-for-policies.md');
  const rows = rowsOf(page, ['command', 'facts']);
  assert.ok(rows.length >= 25);
  for (const [command, expected] of rows) {
    const found = inspectShell(codeIn(command));
    const facts: Record<string, unknown> = found.ok
      ? { understood: true, ...found.facts }
      : { understood: false, ...found.notUnderstood };
    const wanted = JSON.parse(codeIn(expected)) as Record<string, unknown>;
    const same = Object.fromEntries(Object.keys(wanted).map((key) => [key, facts[key]]));
    assert.deepEqual(same, wanted, codeIn(command));
  }
  const any = inspectShell('ls');
  assert.ok(any.ok);
  const cedar = blocksOf(page)
    .filter(({ language }) => language === 'cedar')
    .map(({ text }) => text)
    .join('\n');
  for (const name of Object.keys(any.facts)) {
    assert.ok(page.includes(`\`${name}\``), `${name} is on the page`);
    assert.ok(name === 'fingerprint' || cedar.includes(`context.shell.${name}`), `${name} is in a policy`);
  }
});

test('the texts on docs/masking.md come out as it says, and every class is there', () => {
  const page = read('docs/masking.md');
  const shipped = loadMaskingRules({ path: 'policies/masking.yaml', text: read('policies/masking.yaml') });
  assert.ok(shipped.ok);
  const rows = rowsOf(page, ['text', 'masked']);
  assert.ok(rows.length >= 5);
  for (const [text, masked] of rows)
    assert.equal(maskText(codeIn(text), shipped.value).value, codeIn(masked));
  for (const name of DATA_CLASSES) assert.ok(page.includes(`| \`${name}\` |`), `${name} has a row`);
  for (const { text } of blocksOf(page).filter(({ language }) => language === 'yaml')) {
    const loaded = loadMaskingRules({ path: 'docs/masking.md', text });
    assert.ok(loaded.ok, JSON.stringify(loaded));
  }
});

test('the patterns on docs/writing-policies.md are loaded, examples and all', () => {
  const blocks = blocksOf(read('docs/writing-policies.md')).filter(({ language }) => language === 'yaml');
  assert.ok(blocks.length >= 1);
  for (const { text } of blocks) {
    const loaded = loadPatterns({ path: 'docs/writing-policies.md', text });
    assert.ok(loaded.ok, JSON.stringify(loaded));
  }
});

test('every block of code that can be read by a program is', async (t) => {
  const store = new DatabaseSync(':memory:');
  for (const { sql } of MIGRATIONS) store.exec(sql);
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-docs-'));
  ensureExampleDatabase(join(folder, 'crm.db'));
  const crm = new DatabaseSync(join(folder, 'crm.db'), { readOnly: true });
  t.after(() => {
    store.close();
    crm.close();
    rmSync(folder, { recursive: true });
  });
  const readers: Readonly<Record<string, (text: string, path: string) => unknown>> = {
    json: (text) => JSON.parse(text) as unknown,
    yaml: (text) =>
      assert.deepEqual(
        parseAllDocuments(text).flatMap((one) => one.errors),
        [],
      ),
    sql: (text, path) => {
      const database = path.startsWith('skills/') ? crm : store;
      for (const statement of text.split(/;\s*$/m)) if (statement.trim() !== '') database.prepare(statement);
    },
    sh: (text) => {
      const { status, stderr } = spawnSync('sh', ['-n'], { input: text, encoding: 'utf8' });
      assert.equal(status, 0, stderr);
    },
    cedar: (text) => {
      const loaded = loadPolicies({
        ...vocabulary,
        dataClasses: [...DATA_CLASSES],
        files: [{ path: 'docs', text }],
      });
      assert.ok(loaded.ok, JSON.stringify(loaded));
      assert.deepEqual(loaded.warnings, []);
      loaded.value.close();
    },
  };
  let count = 0;
  for (const [path, page] of pages) {
    for (const { language, text, line } of blocksOf(page)) {
      const reader = readers[language];
      if (reader === undefined) continue;
      await t.test(`${path}:${line} is ${language}`, () => void reader(text, path));
      count += 1;
    }
  }
  assert.ok(count >= 20);
});

test('no file speaks of how the work was organised, or of work that is left', () => {
  // Written so that this file is none of them.
  const pattern = /\b(?:issue[ ]#|help[e]r|TO[D]O|FIX[M]E)/i;
  const speaking = tracked
    .filter((path) => !path.startsWith('docs/decisions/') && path !== 'package-lock.json')
    .flatMap((path) =>
      read(path)
        .split('\n')
        .flatMap((line, at) => (pattern.test(line) ? [`${path}:${at + 1}: ${line.slice(0, 120)}`] : [])),
    );
  assert.deepEqual(speaking, []);
});
