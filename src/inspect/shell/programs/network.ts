import { noteOptions, touch, type Call, type Program } from '../call.ts';
import { addHost, addUrl } from '../host.ts';
import { after, ANY_NAME, hasHole, literal, prefixOf, textOf, type Field } from '../field.ts';
import { external } from './external.ts';
import { optionsOf, parseOptions, type Parsed } from '../options.ts';
import { pathsOf } from '../paths.ts';
import { notUnderstood } from '../refusal.ts';
import { SOME, type Stream } from '../stream.ts';
import { programsOf } from '../table.ts';

const CURL = optionsOf(
  '-#0123456aAfgGiIjkLlnNOJqRsSvV -o=write -D=write -c=write -b=text -d=text -F=text -T=text -H=text -X=text -A=text -e=text -u=text -m=text -r=text -w=text -x=text -y=text -Y=text -C=text -K=refuse -E=read --output=write --output-dir=write --remote-name --remote-name-all --remote-header-name --create-dirs --data=text --data-raw=text --data-binary=text --data-urlencode=text --data-ascii=text --json=text --form=text --form-string=text --upload-file=text --header=text --request=text --user-agent=text --referer=text --user=text --max-time=text --connect-timeout=text --retry=text --retry-delay=text --retry-max-time=text --retry-all-errors --retry-connrefused --location --location-trusted --fail --fail-with-body --silent --show-error --verbose --head --include --insecure --compressed --get --url=text --write-out=text --range=text --cookie=text --cookie-jar=write --dump-header=write --http1.1 --http2 --http3 --ipv4 --ipv6 --max-redirs=text --no-buffer --no-progress-meter --progress-bar --proto=text --proto-redir=text --tlsv1.2 --tlsv1.3 --cacert=read --cert=read --key=read --max-filesize=text --limit-rate=text --globoff --path-as-is --version --resolve=refuse --connect-to=refuse --proxy=text --noproxy=text --remote-time --continue-at=text --parallel --trace-ascii=write --trace=write --stderr=write --netrc --unix-socket=read --url-query=text --oauth2-bearer=text --digest --basic --negotiate --anyauth',
);

const SENDS = [
  '-d',
  '-F',
  '-T',
  '--data',
  '--data-raw',
  '--data-binary',
  '--data-urlencode',
  '--data-ascii',
  '--json',
  '--form',
  '--form-string',
  '--upload-file',
  '--url-query',
];

const curl: Program = (call) => {
  const parsed = parseOptions('curl', call.args, { options: CURL, permutes: true, calm: 'none' });
  noteOptions(call, parsed);
  if (parsed.has('-V', '--version') || call.args.length === 0) return SOME;
  const { findings } = call.walk;
  if (parsed.has('--netrc', '-n')) findings.readsFrom('secret');
  for (const { name, value } of parsed.options) {
    if (value === undefined) continue;
    if (SENDS.includes(name)) sent(call, name, value);
    if (/^(?:-x|--proxy)$/.test(name)) {
      addUrl(value, findings);
      findings.is('uploads');
    }
    // A header or a cookie with something computed in it carries that away.
    if (/^(?:-H|-b|-A|-e|-u|--header|--cookie|--user-agent|--referer|--user|--oauth2-bearer)$/.test(name)) {
      if (hasHole(value)) findings.is('uploads');
      if (
        prefixOf(value).startsWith('@') ||
        (/^(?:-b|--cookie)$/.test(name) && !/=/.test(textOf(value) ?? '='))
      )
        touch(call, after(value, prefixOf(value).startsWith('@') ? 1 : 0), 'read');
    }
    if (/^(?:-w|--write-out)$/.test(name) && /%output\{|^@/.test(prefixOf(value)))
      throw notUnderstood('Where curl writes can not be told.');
  }
  if (/^(?:POST|PUT|PATCH|DELETE)$/i.test(textOf(parsed.values('-X', '--request')[0] ?? []) ?? ''))
    findings.writesTo('remote');
  for (const url of [...parsed.operands, ...parsed.values('--url')]) {
    if (/[{}[\]]/.test(textOf(url) ?? '') && !parsed.has('-g', '--globoff'))
      throw notUnderstood('curl makes several addresses of this one.');
    addUrl(url, findings);
    if (!parsed.has('-O', '--remote-name', '--remote-name-all')) continue;
    touch(call, nameIn(url), 'write');
    for (const path of pathsOf(nameIn(url), call.state)) findings.fetched(path);
  }
  const into = parsed.values('-o', '--output');
  for (const file of into) for (const path of pathsOf(file, call.state)) findings.fetched(path);
  return { fetched: true };
};

/** `@file` sends the file, and `@-` the input. */
function sent(call: Call, option: string, value: Field): void {
  const { findings } = call.walk;
  findings.is('uploads');
  findings.writesTo('remote');
  if (option === '-T' || option === '--upload-file') {
    touch(call, value, 'read');
    return;
  }
  if (option === '--data-raw' || option === '--form-string') return;
  const text = prefixOf(value);
  const marked = /^(?:[^=@]*=?)?[@<]/.exec(text);
  if (marked !== null) touch(call, until(after(value, marked[0].length)), 'read');
  else if (textOf(value) === undefined && value[0]?.kind === 'hole') findings.readsFrom('unknown');
}

/** A form's file may be followed by its type. */
function until(file: Field): Field {
  const text = textOf(file);
  return text === undefined ? file : literal(text.replace(/;.*$/s, ''));
}

/** The name that a file of this address is given. */
function nameIn(url: Field): Field {
  const text = textOf(url);
  if (text === undefined) return [{ kind: 'hole', holds: 'any', quoted: true }];
  return literal(
    text
      .replace(/[?#].*$/s, '')
      .replace(/\/+$/, '')
      .split('/')
      .at(-1) ?? '',
  );
}

const WGET = optionsOf(
  '-46cEHkKLNpqrSvxbF -O=write -P=write -o=write -a=write -t=text -T=text -U=text -w=text -l=text -A=text -R=text -D=text -i=refuse -e=refuse -Q=text --output-document=write --directory-prefix=write --output-file=write --quiet --no-verbose --continue --timestamping --tries=text --timeout=text --user-agent=text --header=text --post-data=text --post-file=read --body-data=text --body-file=read --method=text --no-check-certificate --recursive --level=text --no-parent --mirror --spider --server-response --show-progress --progress=text --content-disposition --max-redirect=text --retry-connrefused --waitretry=text --no-clobber -nv -nc -np -nd -nH --version',
);

const wget: Program = (call) => {
  const parsed = parseOptions('wget', call.args, { options: WGET, permutes: true, calm: 'none' });
  noteOptions(call, parsed);
  const { findings } = call.walk;
  if (parsed.has('--version')) return SOME;
  if (parsed.has('--post-data', '--post-file', '--body-data', '--body-file', '--method')) {
    findings.is('uploads');
    findings.writesTo('remote');
  }
  if (parsed.values('--header', '-U', '--user-agent').some(hasHole)) findings.is('uploads');
  for (const url of parsed.operands) addUrl(url, findings);
  for (const folder of parsed.values('-P', '--directory-prefix'))
    for (const path of pathsOf(folder, call.state)) findings.fetched(path);
  const into = parsed.values('-O', '--output-document');
  const files = into.length > 0 ? into : parsed.has('--spider') ? [] : parsed.operands.map(nameIn);
  for (const file of files) {
    if (into.length === 0 && !parsed.has('-P', '--directory-prefix')) touch(call, file, 'write');
    for (const path of pathsOf(file, call.state)) findings.fetched(path);
  }
  return { fetched: true };
};

const SSH = optionsOf(
  '-1246AaCfGgKkMNnqsTtVvXxYy -b=text -c=text -D=text -E=write -e=text -i=text -J=host -L=text -l=text -m=text -O=text -o=refuse -p=text -Q=text -R=text -S=refuse -F=refuse -I=refuse -w=text -W=text',
);

/** What runs on another machine is read as a command of its own; its files are that machine's. */
const ssh: Program = (call) => {
  const parsed = parseOptions(call.name, call.args, { options: SSH, permutes: false, calm: 'none' });
  noteOptions(call, parsed);
  if (parsed.has('-V')) return SOME;
  const [target, ...command] = parsed.operands;
  if (target === undefined) throw notUnderstood('ssh has no host.');
  remote(call, hostOf(target));
  for (const jump of parsed.values('-J')) remote(call, hostOf(jump));
  if (command.length === 0) {
    call.walk.findings.is('runsCode');
    return { fetched: true };
  }
  external(
    call,
    [
      literal('bash'),
      literal('-c'),
      command.flatMap((word, index) => (index === 0 ? word : [...literal(' '), ...word])),
    ],
    call.input,
  );
  return { fetched: true };
};

function remote(call: Call, host: Field): void {
  call.walk.findings.is('uploads');
  call.walk.findings.writesTo('remote');
  addHost(host, call.walk.findings);
}

function hostOf(target: Field): Field {
  const text = textOf(target);
  return text === undefined
    ? target
    : literal(
        text
          .replace(/^ssh:\/\//, '')
          .replace(/^.*@/, '')
          .replace(/:\d+$/, ''),
      );
}

const SCP = optionsOf(
  '-12346ABCpqRrTv -c=text -F=refuse -i=text -J=host -l=text -o=refuse -P=text -S=refuse -D=refuse',
);
const RSYNC = optionsOf(
  '-abcdDEgHhIiklLmnOoPpqrRStuvWxyzAXN0468 --archive --verbose --compress --delete --delete-after --delete-before --delete-excluded --dry-run --exclude=text --include=text --exclude-from=read --files-from=read --progress --stats --human-readable --partial --itemize-changes --checksum --update --recursive --links --perms --times --owner --group --size-only --ignore-existing --existing --inplace --numeric-ids --no-owner --no-group --no-perms --omit-dir-times --info=text --bwlimit=text --max-size=text --chmod=text --relative --remove-source-files --quiet --list-only --link-dest=read --timeout=text -e=refuse --rsh=refuse --rsync-path=refuse',
);

/** Files from here to there, where either may be on another machine: `host:path`. */
function transfer(options: typeof SCP): Program {
  return (call) => {
    const parsed = parseOptions(call.name, call.args, { options, permutes: true, calm: 'none' });
    noteOptions(call, parsed);
    if (
      parsed.has(
        '--delete',
        '--delete-after',
        '--delete-before',
        '--delete-excluded',
        '--remove-source-files',
      )
    )
      call.walk.findings.is('deletes', 'destroys', 'writes');
    return moved(call, parsed);
  };
}

function moved(call: Call, parsed: Parsed): Stream {
  const target = parsed.operands.at(-1);
  let fetched = false;
  for (const operand of parsed.operands) {
    const host = /^(?:(?:rsync|scp|sftp):\/\/)?([^/:]*):/.exec(prefixOf(operand))?.[1];
    const away = host !== undefined && host !== '';
    if (away) {
      addHost(hostOf(literal(host)), call.walk.findings);
      if (operand === target) remote(call, hostOf(literal(host)));
      else fetched = true;
    } else touch(call, operand, operand === target ? 'write' : 'deep');
    // What is put into the folder itself may be any file of it.
    if (operand === target && /^\.?\/?$/.test(textOf(operand) ?? '')) touch(call, [ANY_NAME], 'write');
  }
  if (fetched && target !== undefined)
    for (const path of pathsOf(target, call.state)) call.walk.findings.fetched(path);
  return { fetched };
}

/** A raw connection can carry anything either way. */
const connection: Program = (call) => {
  const { findings } = call.walk;
  findings.is('uploads');
  findings.writesTo('remote');
  const words = call.args.map((arg) => textOf(arg));
  if (
    words.some(
      (word) =>
        word === undefined || /^-[a-zA-Z]*[ec]|^--(?:exec|sh-exec|lua-exec)|EXEC|SYSTEM|SHELL/i.test(word),
    )
  )
    findings.is('runsCode');
  const [host] = call.args.filter((arg) => !prefixOf(arg).startsWith('-'));
  addHost(host === undefined ? literal('') : call.name === 'socat' ? literal('') : host, findings);
  return { fetched: true };
};

/** Asks the network about a name. */
const lookup: Program = (call) => {
  const { findings } = call.walk;
  for (const arg of call.args) {
    const text = prefixOf(arg);
    if (/^-[fk]/.test(text)) throw notUnderstood('What the names are looked up from can not be told.');
    if (
      text.startsWith('-') ||
      text.startsWith('+') ||
      /^\d+$/.test(text) ||
      /^(?:a|aaaa|mx|ns|txt|cname|soa|ptr|srv|any|in)$/i.test(textOf(arg) ?? '')
    )
      continue;
    addHost(hasHole(arg) ? arg : literal(text.replace(/^@/, '')), findings);
  }
  findings.is('network');
  return { fetched: true };
};

/** `ip` and `ifconfig` tell; given more to do, they change the machine. */
const interfaces: Program = ({ args, walk }) => {
  const words = args.map((arg) => textOf(arg) ?? 'set');
  const changes = words.some((word) =>
    /^(?:add|a|del|d|delete|set|change|chg|replace|append|prepend|flush|up|down|netns|exec|vrf|-b|-batch|\+.*|-?arp|hw|mtu|netmask|promisc)$/.test(
      word,
    ),
  );
  if (changes) walk.findings.writesTo('system');
  if (words.some((word) => /^(?:netns|exec|vrf|-b.*)$/.test(word)))
    throw notUnderstood('ip runs more than it tells.');
  return SOME;
};

export const NETWORK: readonly (readonly [string, Program])[] = [
  ['curl', curl],
  ['wget', wget],
  ['ssh', ssh],
  ['scp', transfer(SCP)],
  ['rsync', transfer(RSYNC)],
  ...['nc', 'ncat', 'netcat', 'telnet', 'socat', 'ftp', 'sftp'].map((name) => [name, connection] as const),
  ...['ping', 'ping6', 'dig', 'nslookup', 'host', 'traceroute', 'tracepath', 'mtr', 'whois'].map(
    (name) => [name, lookup] as const,
  ),
  ['ip', interfaces],
  ['ifconfig', interfaces],
  ...programsOf([['ssh-keygen', 'text*', 'none', '-lv -f=read -E=text']]),
];
