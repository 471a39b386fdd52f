import { runsFolder, touch, type Call, type Program } from '../call.ts';
import { after, hasHole, literal, prefixOf, textOf, type Field } from '../field.ts';
import { addUrl } from '../host.ts';
import { checkValues, chosen } from '../subcommands.ts';
import { notUnderstood, quoted } from '../refusal.ts';
import { SERVICES_KNOWN } from './services-table.ts';
import type { Service, ServiceDoes } from './docker-table.ts';
import type { Parsed } from '../options.ts';
import { SOME, type Stream } from '../stream.ts';

/** `docker compose` is a program of its own. */
const docker: Program = (call) => {
  if (textOf(call.args[0] ?? []) !== 'compose') return service(call);
  call.walk.findings.name('subcommands', `${call.name} compose`);
  return runService({ ...call, name: `${call.name} compose`, args: call.args.slice(1) }, 'docker-compose');
};

const service: Program = (call) => runService(call, call.name);

function runService(call: Call, named: string): Stream {
  const known = SERVICES_KNOWN[named];
  if (known === undefined) throw notUnderstood(`${quoted(named)} is not understood here.`);
  const { findings } = call.walk;
  if (known.network) reaches(call);
  const given = chosen(call, call.args, known.table);
  if (given === undefined) return SOME;
  const { name, does, parsed } = given;
  checkValues(call, parsed);
  // What is computed may name what is secret, and is sent to where it is asked for.
  const isSecret = (word: Field): boolean => known.secret.test(textOf(word) ?? 'secret');
  if (parsed.operands.some(isSecret)) findings.readsFrom('secret');
  if (known.network && parsed.operands.some(hasHole)) findings.is('uploads');
  findings.readsFrom(known.place);
  checkOutput(call, parsed);
  act(call, known, name, does, parsed);
  return { fetched: known.network || does === 'fetches' };
}

function reaches(call: Call): void {
  call.walk.findings.is('network');
  call.walk.findings.name('hosts', 'unknown');
}

/** `-o custom-columns-file=…` and its like read a file. */
function checkOutput(call: Call, parsed: Parsed): void {
  for (const format of parsed.values('-o', '--output'))
    if (
      !/^(?:\w+$|wide|(?:jsonpath|custom-columns|go-template|jsonpath-as-json)=)/.test(textOf(format) ?? '=')
    )
      throw notUnderstood(`What ${call.name} prints can not be told.`);
}

function act(call: Call, known: Service, name: string, does: ServiceDoes, parsed: Parsed): void {
  const { findings } = call.walk;
  switch (does) {
    case 'looks':
      lookedAt(call, name, parsed);
      return;
    case 'shows':
      if (showsSecrets(call, name, parsed)) findings.readsFrom('secret');
      return;
    case 'plans':
      runsFolder(call);
      for (const operand of parsed.operands) applied(call, operand);
      return;
    case 'edits':
      for (const folder of parsed.operands.length > 0 ? parsed.operands : [literal('.')])
        touch(call, folder, 'write');
      return;
    case 'settings':
      findings.writesTo('home');
      return;
    case 'fetches':
      reaches(call);
      if (name === 'search') return;
      changes(call, known, parsed);
      if (name.endsWith('build')) builds(call, parsed);
      return;
    case 'changes':
      changes(call, known, parsed);
      for (const file of parsed.values('--from-file')) touch(call, behindKey(file), 'read');
      // Volumes are where everything is kept.
      if (parsed.has('-v', '--volumes', '--rmi')) findings.is('destroys');
      return;
    case 'destroys':
      changes(call, known, parsed);
      findings.is('destroys');
  }
}

/** `--from-file=key=path`. */
function behindKey(file: Field): Field {
  return after(file, (/^[^=/]*=/.exec(prefixOf(file))?.[0] ?? '').length);
}

/** Some that look at addresses or files that they are given. */
function lookedAt(call: Call, name: string, parsed: Parsed): void {
  if (/^(?:diff|show )/.test(name))
    for (const word of [...parsed.operands, ...parsed.values('-f', '--filename', '-k', '--kustomize')])
      if (prefixOf(word).includes('://')) addUrl(word, call.walk.findings);
}

function showsSecrets(call: Call, name: string, parsed: Parsed): boolean {
  switch (name) {
    // What of a `.env` stands in a compose file is shown filled in.
    case 'config':
      return !parsed.has(
        '-q',
        '--quiet',
        '--services',
        '--images',
        '--profiles',
        '--volumes',
        '--networks',
        '--hash',
      );
    case 'output':
      return parsed.has('-json', '-raw') || parsed.operands.length > 0;
    case 'show':
      if (call.name === 'systemctl')
        return (
          !parsed.has('-p', '--property') ||
          parsed
            .values('-p', '--property')
            .some(
              (value) =>
                !/^[A-Z][A-Za-z,]*$/.test(textOf(value) ?? '') || /env|exec/i.test(textOf(value) ?? 'env'),
            )
        );
      return parsed.has('-json') || parsed.operands.length > 0;
    default:
      return true;
  }
}

function changes(call: Call, known: Service, parsed: Parsed): void {
  call.walk.findings.writesTo(known.place);
  // What is applied or built is read from the folder, and runs elsewhere.
  runsFolder(call);
  for (const word of [
    ...parsed.operands,
    ...parsed.values('-f', '--file', '--filename', '-k', '--kustomize', '--values'),
  ])
    applied(call, word);
}

/** What is applied from an address runs there unread, and so does what comes as input. */
function applied(call: Call, word: Field): void {
  const { findings } = call.walk;
  const start = prefixOf(word);
  if (start.includes(',')) throw notUnderstood(`Give ${call.name} its files one by one.`);
  if (start.includes('://')) {
    addUrl(word, findings);
    findings.is('fetchesAndRuns', 'runsCode');
  } else if (/^[\w-]+\.\w+\/|::|[?@]/.test(start) && !/^(?:\.|~|\/)/.test(start))
    findings.is('fetchesAndRuns', 'runsCode');
  else if (textOf(word) === '-') findings.is('runsCode');
  else if (/^(?:\.{0,2}\/|~|\.\.?$)/.test(start) || start.includes('/../')) touch(call, word, 'run');
}

/** The folder that is built is sent to who builds it; an address is fetched by it and built unread. */
function builds(call: Call, { operands, values }: Parsed): void {
  for (const folder of operands) {
    if (/^(?:[\w-]+\.\w+\/|[^/]*@|[^/.][^/]*:)/.test(prefixOf(folder)))
      call.walk.findings.is('fetchesAndRuns', 'runsCode');
    else touch(call, folder, 'deep');
    touch(call, folder, 'run');
  }
  for (const file of values('-f', '--file')) touch(call, file, 'run');
}

const signal: Program = ({ args, walk }) => {
  const words = args.map((arg) => textOf(arg) ?? '-1');
  if (words[0] === '-l') return SOME;
  walk.findings.writesTo('process');
  // Every process that may be signalled, or the first of all.
  if (words.slice(1).includes('-1') || words.includes('1') || words.includes('--'))
    walk.findings.is('destroys');
  return SOME;
};

const ends: Program = ({ walk }) => {
  walk.findings.writesTo('system');
  walk.findings.is('destroys');
  return SOME;
};

/** Changes the machine's own settings; which of them is not told apart. */
const administers: Program = ({ args, walk }) => {
  walk.findings.is('elevates');
  walk.findings.writesTo('system');
  if (args.some((arg) => /^(?:-r|--reload|-)$/.test(textOf(arg) ?? ''))) walk.findings.is('destroys');
  return SOME;
};

export const SERVICES: readonly (readonly [string, Program])[] = [
  ['docker', docker],
  ['podman', docker],
  ...['docker-compose', 'kubectl', 'helm', 'terraform', 'tofu', 'systemctl'].map(
    (name) => [name, service] as const,
  ),
  ...['kill', 'pkill', 'killall', 'renice'].map((name) => [name, signal] as const),
  ...[
    'shutdown',
    'reboot',
    'poweroff',
    'halt',
    'mkfs',
    'mkfs.ext4',
    'mkfs.xfs',
    'mkswap',
    'wipefs',
    'fdisk',
    'parted',
    'sgdisk',
    'blkdiscard',
    'dropdb',
  ].map((name) => [name, ends] as const),
  ...[
    'useradd',
    'userdel',
    'usermod',
    'groupadd',
    'passwd',
    'chpasswd',
    'visudo',
    'mount',
    'umount',
    'insmod',
    'modprobe',
    'rmmod',
    'sysctl',
    'iptables',
    'nft',
    'ufw',
    'setcap',
    'crontab',
    'at',
    'swapoff',
    'swapon',
    'hostnamectl',
    'timedatectl',
    'update-alternatives',
    'nsenter',
    'unshare',
    'capsh',
    'setfacl',
    'chattr',
    'service',
  ].map((name) => [name, administers] as const),
];
