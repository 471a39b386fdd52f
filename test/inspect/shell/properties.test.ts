import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import * as fc from 'fast-check';
import { inspectShell } from '../../../src/inspect/shell/inspect-shell.ts';
import { startInspector } from '../../../src/inspect/inspector.ts';
import type { ShellFacts } from '../../../src/model/facts.ts';

function factsOf(command: string): ShellFacts {
  const inspected = inspectShell(command);
  assert.ok(inspected.ok, `${command}: ${JSON.stringify(inspected)}`);
  return inspected.facts;
}

function linesOf(file: string): readonly string[] {
  return readFileSync(new URL(file, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
}

const quote = (text: string): string => `'${text.replaceAll("'", `'"'"'`)}'`;

/** Ways to write a word that mean the same word. */
const spelt = (word: string): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constant(word),
    fc.constant(quote(word)),
    fc.constant(`"${word}"`),
    fc.constant(`''${word}""`),
    fc.constant(
      `$'${Array.from(word)
        .map((c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`)
        .join('')}'`,
    ),
    fc.constant(
      `$'${Array.from(word)
        .map((c) => `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}`)
        .join('')}'`,
    ),
    fc.constant(
      Array.from(word)
        .map((c) => (/\w/.test(c) ? `\\${c}` : c))
        .join(''),
    ),
    fc.constant(
      Array.from(word)
        .map((c) => `"${c}"`)
        .join(''),
    ),
    fc.constant(`${word.slice(0, 1)}\\\n${word.slice(1)}`),
    fc.constant(`$(echo ${word})`),
    fc.constant(`$(printf %s ${word})`),
  );

/** Commands that run another command as text or as words. */
const WRAPPERS: readonly ((command: string) => string)[] = [
  (c) => `sh -c ${quote(c)}`,
  (c) => `bash -c ${quote(c)}`,
  (c) => `eval ${quote(c)}`,
  (c) => `bash <<< ${quote(c)}`,
  (c) => `echo ${Buffer.from(c).toString('base64')} | base64 -d | sh`,
  (c) => `printf '%s' ${quote(c)} | bash`,
  (c) => `{ ${c}; }`,
  (c) => `( ${c} )`,
  (c) => `true && ${c}`,
  (c) => `false || ${c}`,
  (c) => `! ${c}`,
  (c) => `${c} &`,
  (c) => `echo "$( ${c})"`,
  (c) => `cat <( ${c})`,
  (c) => `f() { ${c}\n}; f`,
  (c) => `if true; then ${c}\nfi`,
  (c) => `for i in 1 2; do ${c}\ndone`,
  (c) => `while true; do ${c}\nbreak; done`,
  (c) => `case x in x) ${c}\n;; esac`,
  (c) => `trap ${quote(c)} EXIT`,
  (c) => `nohup sh -c ${quote(c)}`,
  (c) => `timeout 5 bash -c ${quote(c)}`,
  (c) => `env A_B=1 sh -c ${quote(c)}`,
  (c) => `command eval ${quote(c)}`,
  (c) => `find . -maxdepth 0 -exec sh -c ${quote(c)} \\;`,
  (c) => `watch ${quote(c)}`,
  (c) => `: \${x:-$( ${c})}`,
  (c) => `x=$( ${c})`,
  (c) => `bash <<'END_OF_TEXT'\n${c}\nEND_OF_TEXT\n`,
];

test('however a command is quoted, its program and what it removes are told', () => {
  fc.assert(
    fc.property(spelt('rm'), spelt('-rf'), spelt('/etc/passwd'), (program, option, path) => {
      const facts = factsOf(`${program} ${option} ${path}`);
      assert.ok(facts.programs.includes('rm'));
      assert.deepEqual(facts.pathsDeleted, ['/etc/passwd']);
      assert.ok(facts.deletes && facts.writes);
    }),
    { numRuns: 500 },
  );
});

test('however deep a command is wrapped, it is told or the whole is refused', () => {
  let told = 0;
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...WRAPPERS), { minLength: 1, maxLength: 5 }), (wrappers) => {
      const command = wrappers.reduce((inner, wrap) => wrap(inner), 'rm -rf /etc/passwd');
      const inspected = inspectShell(command);
      if (!inspected.ok) return;
      told += 1;
      assert.ok(inspected.facts.programs.includes('rm'), command);
      assert.ok(inspected.facts.pathsDeleted.includes('/etc/passwd'), command);
    }),
    { numRuns: 400 },
  );
  assert.ok(told > 200, `${told} were told`);
});

test('each single wrapper is understood', () => {
  for (const wrap of WRAPPERS)
    assert.ok(factsOf(wrap('rm -rf /etc/passwd')).pathsDeleted.includes('/etc/passwd'), wrap('x'));
});

test('a text that comes from outside is never run without being named', () => {
  for (const source of ['cat f', 'curl https://h.example/x', 'tr a b < f', 'head -1 f', 'sort f'])
    for (const sink of [
      'sh',
      'bash',
      'bash -s a',
      'python3',
      'perl',
      'node',
      'xargs sh -c',
      'sudo sh',
      'env bash',
    ]) {
      const inspected = inspectShell(`${source} | ${sink}`);
      assert.ok(!inspected.ok || inspected.facts.runsCode, `${source} | ${sink}`);
    }
});

test('what is understood, bash accepts; what bash rejects is refused', (t) => {
  const bash = spawnSync('bash', ['--version']);
  if (bash.status !== 0) return t.skip('there is no bash here');
  const commands = [...linesOf('benign.txt'), ...linesOf('hostile.txt')];
  const rejects = (command: string): boolean =>
    spawnSync('bash', ['-O', 'extglob', '-n'], { input: command }).status !== 0;
  for (const command of commands.filter((each) => inspectShell(each).ok))
    assert.ok(!rejects(command), command);
  const damaged = fc
    .tuple(fc.constantFrom(...commands), fc.nat(), fc.constantFrom(...Array.from('()|&;<>`"\'{}$\\#\n ')))
    .map(([command, at, character]) => {
      const cut = at % (command.length + 1);
      return command.slice(0, cut) + character + command.slice(cut);
    });
  fc.assert(
    fc.property(damaged, (command) => {
      const inspected = inspectShell(command);
      if (inspected.ok) assert.ok(!rejects(command), command);
    }),
    { numRuns: 100 },
  );
});

test('any text is answered: with facts, or with why not, and never as crashed', () => {
  const piece = fc.constantFrom(
    ...linesOf('benign.txt'),
    ...linesOf('hostile.txt'),
    '$(',
    ')',
    '`',
    '"',
    "'",
    '${',
    '}',
    '<<E\n',
    '\nE\n',
    '|',
    '&&',
    ';',
    '{',
    '((',
    '))',
    '[[',
    ']]',
    '\\',
    '#',
  );
  fc.assert(
    fc.property(
      fc.array(fc.oneof(piece, fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 6 }),
      (pieces) => {
        const inspected = inspectShell(pieces.join(' '));
        assert.ok(inspected.ok || inspected.notUnderstood.reason !== 'crashed', JSON.stringify(pieces));
      },
    ),
    { numRuns: 3000 },
  );
});

test('a name of any characters, with any pattern in it, is answered', () => {
  const character = fc.constantFrom(...Array.from('*?[]!^-_.,:;+@(){}|$&=~#%/\\aZ0 \'"`<>é🙂'));
  const name = fc.array(character, { minLength: 1, maxLength: 8 }).map((all) => all.join(''));
  const commands: readonly ((one: string) => string)[] = [
    (one) => `find . -name ${quote(one)} -exec rm {} +`,
    (one) => `find . -name ${quote(one)} -delete`,
    (one) => `rm -- *${quote(one)}`,
    (one) => `cat -- ${quote(one)}*/[ab-]?`,
    (one) => `case x in *${quote(one)}) ls ;; esac`,
  ];
  fc.assert(
    fc.property(name, fc.constantFrom(...commands), (one, command) => {
      const inspected = inspectShell(command(one));
      assert.ok(inspected.ok || inspected.notUnderstood.reason !== 'crashed', command(one));
    }),
    { numRuns: 3000 },
  );
});

/** Programs with tables of their options, as far as one may be given. */
const TABLED: readonly string[] = (
  'git log,git diff,git commit,git clone,git fetch,git push,git grep,git rebase,git,npm,npm install,' +
  'npm run build,npm ls,yarn,yarn add x,pnpm,pnpm test,bun test,pip install,pip list,uv sync,uv pip install,' +
  'poetry install,cargo build,cargo,go build,go test,go,gem install,bundle install,composer install,' +
  'brew install,apt-get install,dotnet build,mvn test,gradle build,make,pytest,jest,vitest,mocha,tsc,eslint,' +
  'ruff check,mypy,black,cmake,ctest,ninja,webpack,vite build,esbuild,rollup,docker,docker ps,docker build,' +
  'docker logs,docker compose,docker compose up,kubectl,kubectl get,kubectl apply,helm,helm install,' +
  'terraform,terraform plan,systemctl,systemctl status,aws s3 ls,gcloud projects list,gh,gh pr list,' +
  'python3 -m pytest'
).split(',');

test('an option that no table has is not understood, wherever it stands and however it has a value', () => {
  const unheard = fc
    .tuple(
      fc.constantFrom('--zz', '--exec-zz', '--config-zz', '--no-zz', '--output-zz', '-Ž'),
      fc.constantFrom('', '=x', ' x', "='x y'"),
    )
    .map(([option, value]) => option + value);
  fc.assert(
    fc.property(fc.constantFrom(...TABLED), unheard, (program, option) => {
      assert.equal(inspectShell(`${program} ${option}`).ok, false, `${program} ${option}`);
    }),
    { numRuns: 1500 },
  );
});

test('an unquoted word that can not be told may be options, and is understood by no program with a table', () => {
  for (const program of TABLED)
    for (const word of ['$(cat f)', 'a$(cat f)', '$1', 'a$1', '$@'])
      assert.equal(inspectShell(`${program} ${word}`).ok, false, `${program} ${word}`);
});

test('facts agree with each other', () => {
  for (const command of [...linesOf('benign.txt'), ...linesOf('hostile.txt')]) {
    const inspected = inspectShell(command);
    if (!inspected.ok) continue;
    const { facts } = inspected;
    if (facts.deletes || facts.destroys || facts.runsCode || facts.writesTo.length > 0)
      assert.ok(facts.writes, command);
    if (facts.hosts.length > 0 || facts.uploads) assert.ok(facts.network, command);
    if (facts.pathsDeleted.length > 0) assert.ok(facts.deletes, command);
    if (facts.fetchesAndRuns) assert.ok(facts.runsCode, command);
    assert.deepEqual(inspectShell(command), inspected, 'the same twice');
  }
});

test('a fingerprint stands for a command whatever its spaces, and for no other command', () => {
  const print = (command: string): string => factsOf(command).fingerprint;
  assert.equal(print('rm   -rf x # gone'), print("rm -rf 'x'"));
  assert.notEqual(print('rm -rf x'), print('rm -rf y'));
  assert.notEqual(print('cat ~/x'), print("cat '~/x'"));
  assert.notEqual(print('a=1; ls'), print('b=1; ls'));
  assert.notEqual(print('ls | wc'), print('ls && wc'));
  assert.notEqual(print('ls > a'), print('ls >> a'));
  assert.notEqual(print('ls'), print('ls &'));
  assert.notEqual(print('echo *'), print("echo '*'"));
});

const inspector = startInspector({ maxBytes: 2_000_000 });
after(() => inspector.close());

const KILLERS: Readonly<Record<string, string>> = {
  'deep substitutions': `${'$('.repeat(20_000)}ls${')'.repeat(20_000)}`,
  'deep subshells': `${'('.repeat(50_000)}ls${')'.repeat(50_000)}`,
  'deep braces': `${'{ '.repeat(50_000)}ls${'; }'.repeat(50_000)}`,
  'deep arithmetic': `echo $((${'('.repeat(50_000)}1${')'.repeat(50_000)}))`,
  'deep parameters': `echo ${'${x:-'.repeat(20_000)}y${'}'.repeat(20_000)}`,
  'unclosed quotes': `echo ${'"$('.repeat(20_000)}`,
  'unclosed braces': '{'.repeat(500_000),
  'many braces': `echo ${'{a,b}'.repeat(10_000)}`,
  'wide braces': `echo {1..100000000}{1..100000000}`,
  'a long word': 'a'.repeat(1_000_000),
  'many words': `echo ${'a '.repeat(400_000)}`,
  'many commands': 'ls;'.repeat(300_000),
  'many pipes': `ls${' | cat'.repeat(100_000)}`,
  'many variables': Array.from({ length: 20_000 }, (_, i) => `x${i}=$(ls);`).join(''),
  'doubling variables': `a=xx;${Array.from({ length: 40 }, (_, i) => `v${i}=${i === 0 ? '$a$a' : `$v${i - 1}$v${i - 1}`};`).join('')} echo $v39`,
  'many alternatives': `${'if true; then x=1; else x=2; fi; '.repeat(50)} echo ${'$x'.repeat(200)}`,
  'nested loops': `${'for i in 1 2 3; do x=$x$i; '.repeat(12)} echo $x ${'; done'.repeat(12)}`,
  'calling back': 'f() { f; f; f; f; }; f',
  stars: `cat ${'*a'.repeat(5_000)}`,
  'here-documents': 'cat <<E\n'.repeat(5_000),
  backslashes: `echo ${'\\'.repeat(500_001)}`,
  sed: `sed '${'/a/'.repeat(50_000)}' f`,
  awk: `awk '${'/a'.repeat(50_000)}' f`,
};

for (const [name, killer] of Object.entries(KILLERS)) {
  test(`after ${name} the inspector answers a plain command`, async () => {
    await inspector.shell(killer);
    const plain = await inspector.shell(`ls ${name.replaceAll(' ', '-')}`);
    assert.ok(plain.ok, JSON.stringify(plain));
  });
}

test('a NUL, half a character and a hidden control character are refused', async () => {
  for (const text of ['ls\0; rm x', 'ls \ud800', 'ls\rrm', 'ls \x1b[2K', 'ls \x85', '']) {
    const inspected = await inspector.shell(text);
    assert.ok(
      !inspected.ok && /forbidden_bytes|syntax/.test(inspected.notUnderstood.reason),
      JSON.stringify(text),
    );
  }
});
