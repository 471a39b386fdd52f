import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import * as fc from 'fast-check';
import { inspectShell } from '../../../src/inspect/shell/inspect-shell.ts';

/**
 * Commands are run for real, in a folder that they can't leave: a root of its own without network, in which almost every
 * program only writes down that it was run. What ran, and what files are new, must be among the facts.
 */
const RECORDED = [
  'rm',
  'cp',
  'mv',
  'curl',
  'wget',
  'git',
  'npm',
  'python3',
  'tar',
  'sudo',
  'ls',
  'grep',
  'sort',
  'head',
  'wc',
  'id',
  'touch',
  'mkdir',
  'chmod',
  'nc',
];
const REAL = [
  'bash',
  'dash',
  'cat',
  'env',
  'timeout',
  'nice',
  'nohup',
  'xargs',
  'find',
  'base64',
  'tr',
  'stdbuf',
  'setsid',
  'tee',
];
const root = mkdtempSync(join(tmpdir(), 'sallyport-recorded-'));
let confined = false;

before(() => {
  for (const folder of ['bin', 'usr', 'tmp', 'dev', 'work', 'etc', 'root']) mkdirSync(join(root, folder));
  writeFileSync(join(root, 'dev/null'), '');
  for (const name of REAL) install(realpathSync(`/bin/${name}`), `bin/${name}`);
  copyFileSync(join(root, 'bin/dash'), join(root, 'bin/sh'));
  // Appends one line in one write, so that lines of programs that run at once stay whole.
  for (const name of RECORDED) {
    writeFileSync(join(root, 'bin', name), '#!/bin/bash\nprintf "%s\\n" "${0##*/}" >> /ran\n');
    chmodSync(join(root, 'bin', name), 0o755);
  }
  confined = inside('ls').status === 0 && ran().includes('ls');
  if (!confined)
    console.log('# skipping recorded commands: this user can not have a root of its own (unshare, chroot)');
});
after(() => rmSync(root, { recursive: true, force: true }));

/** A program with the libraries that it loads. */
function install(from: string, to: string): void {
  copyFileSync(from, join(root, to));
  chmodSync(join(root, to), 0o755);
  const { stdout } = spawnSync('ldd', [from], { encoding: 'utf8' });
  for (const [library] of stdout.matchAll(/\/[^\s)]+/g)) {
    if (!existsSync(library) || existsSync(join(root, library))) continue;
    mkdirSync(dirname(join(root, library)), { recursive: true });
    copyFileSync(library, join(root, library));
  }
}

function inside(command: string) {
  writeFileSync(join(root, 'ran'), '');
  for (const name of readdirSync(join(root, 'work'))) rmSync(join(root, 'work', name), { recursive: true });
  writeFileSync(join(root, 'work/a.txt'), 'a\n');
  writeFileSync(join(root, 'work/b.txt'), 'b\n');
  return spawnSync(
    'unshare',
    ['--net', '--pid', '--fork', '--kill-child', 'chroot', root, '/bin/bash', '-c', `cd /work; ${command}`],
    {
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', USER: 'u' },
      encoding: 'utf8',
      timeout: 5_000,
      input: '',
      killSignal: 'SIGKILL',
    },
  );
}

function ran(): readonly string[] {
  return [
    ...new Set(
      readFileSync(join(root, 'ran'), 'utf8')
        .split('\n')
        .filter((line) => line !== ''),
    ),
  ];
}

function written(): readonly string[] {
  return readdirSync(join(root, 'work')).filter(
    (name) => !['a.txt', 'b.txt'].includes(name) || statSync(join(root, 'work', name)).size !== 2,
  );
}

/** Whether a path among the facts, with `…` and `*` for what can't be told, may be this file of the folder. */
function covers(path: string, file: string): boolean {
  const source = path.replaceAll(/[\\^$.+?()[\]{}|]/g, '\\$&').replaceAll(/[…*]+/g, '.*');
  const pattern = new RegExp(`^${source}$`);
  return pattern.test(file) || pattern.test(`/work/${file}`);
}

const quote = (text: string): string => `'${text.replaceAll("'", `'"'"'`)}'`;

const LEAVES = fc.constantFrom(
  'ls',
  'rm x',
  'rm -f a.txt',
  'cp a.txt b.txt',
  'r""m x',
  "$'\\x6c\\x73'",
  '$(echo rm) y',
  'x=rm; $x z',
  'x="rm -f q"; $x',
  'echo hi > out1',
  'echo hi >> out2',
  'cat a.txt > "out$((1+2))"',
  'y=out4; echo > $y',
  'echo x | tee out5',
  '{ls,-l}',
  'for f in *.txt; do cp "$f" c; done',
  'find . -name "*.txt" -exec wc {} +',
  'find . -exec grep x {} \\;',
  'curl http://h.example/',
  'git status',
  'printf "%s\\0" a b | xargs -0 touch',
  'echo a b | xargs rm',
  'wc < a.txt',
  'sort a.txt > out6 2>&1',
  ': > out7',
  'f() { touch "$1"; }; f w',
  'a=out8; b=a; echo > $a',
  'cat <<X > out9\n$(id)\nX\n',
  'echo "`id`"',
  'echo ${u:-$(head a.txt)}',
  'case a in a) id;; esac',
  '[[ -f a.txt ]] && id',
  'true || id',
  'id & wait',
  'echo > {p,q}1',
  'n=1; echo > n$n.txt',
  'cd / && ls; cd /work',
  'v=$(tr a b < a.txt); ls $v',
  'sudo id',
  'env A_B=1 id',
  'command ls',
  'builtin echo x > out10',
  'trap "touch t" EXIT',
);

const WRAPPERS: readonly ((command: string) => string)[] = [
  (c) => `sh -c ${quote(c)}`,
  (c) => `bash -c ${quote(c)}`,
  (c) => `eval ${quote(c)}`,
  (c) => `echo ${Buffer.from(c).toString('base64')} | base64 -d | bash`,
  (c) => `bash <<'DONE_HERE'\n${c}\nDONE_HERE\n`,
  (c) => `{ ${c}\n}`,
  (c) => `(${c}\n)`,
  (c) => `timeout 4 bash -c ${quote(c)}`,
  (c) => `nice env A_B=1 sh -c ${quote(c)}`,
  (c) => `if ${c}\nthen id; else ls; fi`,
  (c) => `for i in 1 2; do ${c}\ndone`,
  (c) => `g() { ${c}\n}; g`,
  (c) => `q=$( ${c}\n); echo "$q" > outq`,
  (c) => `cat < <( ${c}\n)`,
  (c) => `find . -maxdepth 0 -exec bash -c ${quote(c)} \\;`,
  (c) => `: | ${c}`,
];

const COMMANDS = fc
  .tuple(
    fc.array(LEAVES, { minLength: 1, maxLength: 3 }),
    fc.constantFrom('; ', ' && ', ' || ', '\n'),
    fc.array(fc.constantFrom(...WRAPPERS), { maxLength: 3 }),
  )
  .map(([leaves, glue, wrappers]) =>
    wrappers.reduce(
      (inner, wrap) => wrap(inner),
      leaves.join(leaves.some((leaf) => leaf.includes('\n')) ? '\n' : glue),
    ),
  );

test('every program that ran and every file that was written is among the facts', (t) => {
  if (!confined) return t.skip('no root of its own');
  let understood = 0;
  let runs = 0;
  fc.assert(
    fc.property(COMMANDS, (command) => {
      const inspected = inspectShell(command);
      if (!inspected.ok) return;
      understood += 1;
      const { programs, pathsWritten } = inspected.facts;
      inside(command);
      for (const program of ran()) {
        runs += 1;
        assert.ok(programs.includes(program), `${program} ran in ${command}\n${JSON.stringify(programs)}`);
      }
      for (const file of written())
        assert.ok(
          pathsWritten.some((path) => covers(path, file)),
          `${file} was written by ${command}\n${JSON.stringify(pathsWritten)}`,
        );
    }),
    { numRuns: Number(process.env['RECORDED_RUNS'] ?? 60) },
  );
  console.log(`# recorded ${understood} commands, in which ${runs} programs ran`);
  assert.ok(understood > 30 && runs > 20);
});
