import assert from 'node:assert/strict';
import { test } from 'node:test';
import { command } from './command.ts';

const COMMANDS = [
  ['serve'],
  ['stdio'],
  ['init'],
  ['check'],
  ['explain'],
  ['inspect'],
  ['mask'],
  ['token'],
  ['keys', 'create'],
  ['keys', 'list'],
  ['keys', 'revoke'],
  ['sessions', 'list'],
  ['sessions', 'show'],
  ['sessions', 'unmasked'],
] as const;

test('help lists every command with a sentence of what it does', async () => {
  const { code, stdout } = await command('--help');
  assert.equal(code, 0);
  for (const [name] of COMMANDS) assert.match(stdout, new RegExp(`^  ${name}\\b.* {2,}\\S`, 'm'), name);
});

for (const path of COMMANDS)
  test(`${path.join(' ')}: has help with a sentence for each option, and --json`, async () => {
    const { code, stdout, stderr } = await command(...path, '--help');
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(stdout, new RegExp(`^Usage: sallyport ${path.join(' ')} `));
    assert.match(stdout, /--json {2,}\S/);
    const options = stdout.split('\n').filter((line) => /^ {2}-/.test(line));
    for (const line of options) assert.match(line, /^ {2}-\S.* {2}\S/, 'an option without a sentence');
    assert.ok(!/default: (\[\]|\{\}|43200)/.test(stdout), 'a default is said as a person would write it');
  });

const WRONG: readonly (readonly [string, readonly string[], RegExp])[] = [
  ['no command', [], /Usage: sallyport/],
  ['an unknown command', ['explin'], /unknown command 'explin'\n\(Did you mean explain\?\)/],
  ['an unknown option', ['check', '--jsn'], /unknown option '--jsn'\n\(Did you mean --json\?\)/],
  ['a missing option', ['explain', '--as', 'alice'], /required option '--tool <name>' not specified/],
  [
    'a value that is no JSON',
    ['explain', '--as', 'a', '--tool', 't', '--args', '{'],
    /expected a JSON object/,
  ],
  [
    'JSON that is no object',
    ['explain', '--as', 'a', '--tool', 't', '--args', '[]'],
    /expected a JSON object/,
  ],
  ['a value that is no duration', ['token', '--user', 'a', '--ttl', '12'], /expected a duration such as 30m/],
  ['a limit that is none', ['sessions', 'list', '--limit', '0'], /expected a whole number from 1 to 10000/],
  [
    'a dialect that is none',
    ['inspect', '--dialect', 'oracle'],
    /Allowed choices are postgres, mysql, sqlite/,
  ],
  ['a subcommand that is missing', ['keys'], /Usage: sallyport keys/],
];

for (const [what, argv, says] of WRONG)
  test(`${what} is wrong usage: exit code 2, said on standard error`, async () => {
    const { code, stdout, stderr } = await command(...argv);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, says);
  });

test('--version tells the version of the package', async () => {
  const { code, stdout } = await command('--version');
  assert.equal(code, 0);
  assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
});
