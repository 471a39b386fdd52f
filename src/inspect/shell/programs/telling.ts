import { literal, NAME, NUMBER, prefixOf, textOf } from '../field.ts';
import { said, SOME } from '../stream.ts';
import { programsOf } from '../table.ts';
import type { Program } from '../call.ts';

/** Programs that tell about the machine and change nothing. */
const ROWS = programsOf([
  [
    'pgrep pidof',
    'text*',
    'all',
    '-acfilnovxLs -d=text -g=text -G=text -P=text -t=text -u=text -U=text --list-name --full --exact --newest --oldest --count --list-full',
  ],
  [
    'free uptime vmstat iostat mpstat',
    'text*',
    'all',
    '-bghklmtwspadnSVx -c=text -s=text --human --mega --giga --total --wide --pretty --since -y',
  ],
  [
    'uname arch nproc tty logname whoami users groups lsb_release sw_vers',
    'text*',
    'all',
    '-amnprsvioscd --all --kernel-name --kernel-release --machine --nodename --processor --operating-system --ignore=text --short --description --release --codename --id -productVersion',
  ],
  ['id', 'text*', 'all', '-agGnruzZ --group --groups --name --real --user --zero'],
  ['who w last lastlog', 'text*', 'all', '-abdHlmpqrstTuswhfix -n=text -u=text -NUM[=text]'],
  [
    'lscpu lsblk lsusb lspci lsmod lsns lshw blkid findmnt',
    'text*',
    'none',
    '-abdefhiJlmnOpPrstTvxDkS -o=text --json --output=text --fs --all --bytes --tree --raw --list --real --df --short',
  ],
  [
    'lsof',
    'text*',
    'none',
    '-abhlnNOPRstUvVX -i[=text] -p=text -u=text -c=text -d=text +D=text -F[=text] -r[=text]',
  ],
  [
    'netstat ss',
    'text*',
    'none',
    '-46aeilmnoprstuvwxgHOTZsN --all --listening --numeric --tcp --udp --programs --processes --route --interfaces --statistics --extended --summary',
  ],
  ['cal ncal', 'text*', 'all', '-1368hjJmNsy -A=text -B=text -d=text'],
  ['which whereis whatis apropos', 'text*', 'all', '-abms --all'],
  ['yes tput clear reset', 'text*', 'all', ''],
  ['sleep', 'text*', 'all', ''],
  ['basename dirname', 'text*', 'all', '-az -s=text --multiple --suffix=text --zero'],
  ['pathchk', 'text*', 'all', '-pP'],
  ['sync', 'text*', 'all', ''],
  [
    'journalctl',
    'text*',
    'none',
    '-abefkmnoqrxS -n=text -u=text -p=text -o=text -t=text -S=text -U=text -g=text --unit=text --since=text --until=text --no-pager --follow --lines=text --output=text --priority=text --boot[=text] --grep=text --reverse --disk-usage --list-boots --user --system --dmesg --identifier=text --utc --catalog --no-tail',
  ],
  [
    'dmesg',
    'text*',
    'none',
    '-hHkLPrTtuwx -l=text -f=text --human --level=text --facility=text --follow --time-format=text --ctime --color[=text]',
  ],
  ['top htop', 'text*', 'none', '-bcHiSs -n=text -d=text -p=text -u=text -U=text -o=text -w[=text] -l=text'],
]);

const PS = programsOf([
  [
    'ps',
    'text*',
    'all',
    '-aAdefFHjlLmNTuwxXyrvhcsZM -C=text -G=text -g=text -O=text -o=text -p=text -s=text -t=text -U=text --ppid=text --pid=text --user=text --sort=text --no-headers --forest --format=text --headers --cols=text --columns=text --width=text --deselect',
  ],
]);

/** Without a dash, `e` shows the environment of every process. */
const ps: Program = (call) => {
  const shows = call.args.some((arg) => !prefixOf(arg).startsWith('-') && /e/.test(textOf(arg) ?? 'e'));
  if (shows) call.walk.findings.readsFrom('environment');
  return PS[0]?.[1](call) ?? SOME;
};

/** `date -s` and a first word of digits set the clock. */
const date: Program = ({ args, walk }) => {
  const [first = literal('+%s'), ...more] = args.filter(
    (arg) => !/^(?:-u|--utc|-R|-I\w*)$/.test(textOf(arg) ?? ''),
  );
  const format = textOf(first) ?? '';
  if (more.length === 0 && /^\+[\w%:.-]*%[\w%:.-]*$/.test(format) && !/%[EO_^#-]?[DxcrF]*[Dxc]/.test(format))
    return said(/^\+%[sYmdHMSjuwNGyV]$/.test(format) ? NUMBER : NAME);
  const sets = args.some(
    (arg) => !/^(?:\+|-u$|-R$|-I|-d|-r|--utc|--date|--reference|--iso|--rfc)/.test(prefixOf(arg)),
  );
  const shows = args.some((arg) => /^(?:-d|-r|--date|--reference)/.test(prefixOf(arg)));
  if (sets && !shows) walk.findings.writesTo('system');
  if (args.some((arg) => /^(?:-s|--s|-[a-zA-Z]*s)/.test(prefixOf(arg)))) walk.findings.writesTo('system');
  return SOME;
};

const hostname: Program = ({ args, walk }) => {
  if (args.some((arg) => !/^-[aAdfiIsy]$/.test(textOf(arg) ?? ''))) walk.findings.writesTo('system');
  return said(NAME);
};

const NUMBERS = new Set(['nproc']);
const NAMES = new Set(['uname', 'arch', 'whoami', 'logname', 'basename', 'id', 'groups']);

/** What these print has neither slash nor white space, which tells a path that it becomes part of. */
export const TELLING: readonly (readonly [string, Program])[] = [
  ...ROWS.map(([name, program]): readonly [string, Program] => [
    name,
    (call) => {
      const stream = program(call);
      if (NUMBERS.has(name)) return said(NUMBER);
      return NAMES.has(name) &&
        !call.args.some(([first]) => first?.kind === 'text' && /^-[a-zA-Z]*[az]/.test(first.text)) &&
        !(name === 'id' && call.args.length === 0)
        ? said(NAME)
        : stream;
    },
  ]),
  ['ps', ps],
  ['date', date],
  ['hostname', hostname],
];
