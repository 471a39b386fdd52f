import { touch, type Call, type Program } from '../call.ts';
import { hasHole, prefixOf, textOf } from '../field.ts';
import { addUrl } from '../host.ts';
import { mayBeOption } from '../options.ts';
import { notUnderstood } from '../refusal.ts';
import { SOME, type Stream } from '../stream.ts';

interface Service {
  readonly place: 'container' | 'remote' | 'system';
  readonly network: boolean;
  /** Words, one or two, that only look. */
  readonly looks: RegExp;
  /** Words that change what it keeps, and can be undone. */
  readonly changes: RegExp;
  /** Words that take away. */
  readonly destroys: RegExp;
  /** What looks and shows credentials. */
  readonly secret: RegExp;
  /** Options that a look may not have. */
  readonly refuses: RegExp;
  /** Options before the first word that take a value. */
  readonly valued: RegExp;
}

const NEVER = /^$/;

const DOCKER: Service = {
  place: 'container',
  network: false,
  looks:
    /^(?:ps|images|logs|inspect|version|info|stats|top|port|diff|history|events|search|--version|-v|(?:compose|container|image|network|volume|context|system|buildx|node|service|stack) (?:ps|ls|list|logs|inspect|df|config|images|top|port|version|show|history|events))$/,
  changes:
    /^(?:build|pull|start|stop|restart|pause|unpause|tag|compose (?:up|down|build|pull|start|stop|restart)|network create|volume create|buildx build)$/,
  destroys: /^(?:rm|rmi|kill|compose rm|(?:container|image|network|volume|system|builder) (?:prune|rm))$/,
  secret: NEVER,
  refuses: /^--(?:tlskey|config|host|H)/,
  valued: /^(?:-f|--file|-p|--project-name|--profile)$/,
};

const KUBECTL: Service = {
  place: 'remote',
  network: true,
  looks:
    /^(?:get|describe|logs|top|explain|version|cluster-info|api-resources|api-versions|diff|events|auth can-i|config (?:get-contexts|current-context|get-clusters)|rollout (?:status|history))$/,
  changes:
    /^(?:apply|create|scale|rollout (?:restart|undo|pause|resume)|label|annotate|set|patch|expose|cordon|uncordon|autoscale|config (?:use-context|set-context))$/,
  destroys: /^(?:delete|drain|replace|taint)$/,
  secret: /^(?:secrets?|secret\/.*|secrets\/.*|.*,secrets?.*|all,secrets?)$/,
  refuses: /^--(?:kubeconfig|server|token|as|as-group|raw|client-key|certificate-authority|template$)|^-s$/,
  valued: /^(?:-n|--namespace|--context|--cluster)$/,
};

const HELM: Service = {
  ...KUBECTL,
  looks:
    /^(?:list|ls|status|history|get (?:values|manifest|notes|all)|show (?:chart|values|readme|all)|search (?:repo|hub)|version|template|lint|repo list|dependency list|env)$/,
  changes: /^(?:install|upgrade|rollback|repo add|repo update|dependency (?:update|build)|pull|test)$/,
  destroys: /^(?:uninstall|delete|repo remove)$/,
  refuses: /^--(?:kubeconfig|kube-token|kube-apiserver|post-renderer|registry-config)/,
};

const TERRAFORM: Service = {
  ...KUBECTL,
  looks:
    /^(?:version|-version|show|validate|fmt|graph|output|providers|state (?:list|show)|workspace (?:list|show)|plan)$/,
  changes: /^(?:init|get|refresh|import|workspace (?:select|new))$/,
  destroys: /^(?:apply|destroy|taint|state (?:rm|mv|push)|workspace delete|force-unlock)$/,
  secret: NEVER,
  refuses: /^-{1,2}(?:chdir|out|state|backend-config|plugin-dir|exec)/,
  valued: NEVER,
};

const AWS: Service = {
  ...KUBECTL,
  looks:
    /^(?:--version|sts get-caller-identity|s3 ls|[a-z0-9-]+ (?:describe|list)-[a-z0-9-]+|logs (?:tail|filter-log-events)|ec2 get-console-output|configure list)$/,
  changes: NEVER,
  destroys: NEVER,
  secret: /^(?:.*secret.*|get-login.*|.*-token|.*credential.*)$/,
  refuses: /^--(?:endpoint-url|ca-bundle|cli-input|output-file)/,
  valued: /^--(?:profile|region|output|query)$/,
};

const GCLOUD: Service = {
  ...AWS,
  looks:
    /^(?:--version|version|info|config list|config get-value|projects list|[a-z-]+ list|[a-z-]+ describe|compute instances|container clusters|run services|sql instances|auth list)$/,
  secret:
    /^(?:secrets|print-.*-token|.*credential.*|ssh|delete|create|update|set|add|remove|deploy|reset|start|stop|import|export|apply|enable|disable|patch)$/,
  valued: /^--(?:project|region|zone|format|account)$/,
};

const SYSTEMCTL: Service = {
  place: 'system',
  network: false,
  looks:
    /^(?:status|list-units|list-unit-files|list-timers|list-sockets|is-active|is-enabled|is-failed|show|cat|get-default|--version|list-dependencies|--failed)$/,
  changes: /^(?:start|stop|restart|reload|enable|disable|daemon-reload|try-restart)$/,
  destroys: /^(?:mask|kill|poweroff|reboot|halt|suspend|isolate|rescue|emergency|set-default|revert)$/,
  secret: NEVER,
  refuses: /^(?:-H|--host|-M|--machine|--root)/,
  valued: /^(?:--type|-t|--state)$/,
};

/** The words that a service knows; anything else of it is refused. */
function service(known: Service): Program {
  return (call) => {
    const { findings } = call.walk;
    const words: string[] = [];
    let values = 0;
    for (const arg of call.args) {
      const text = textOf(arg);
      const start = prefixOf(arg);
      if (values > 0) {
        values -= 1;
        continue;
      }
      if (text === undefined && (words.length < 2 || mayBeOption(arg, 'none')))
        throw notUnderstood(`A word for ${call.name} can not be told from the text.`);
      if (start.startsWith('-')) findings.name('flags', `${call.name} ${start.replace(/=.*$/s, '')}`);
      if (known.refuses.test(start))
        throw notUnderstood(
          `The option ${start} of ${call.name} is not among those that are understood here.`,
        );
      if (known.valued.test(start) && words.length === 0) values = 1;
      else if (!start.startsWith('-') || words.length === 0) words.push(text ?? '…');
      else if (hasHole(arg)) findings.is('uploads');
    }
    return does(call, known, words);
  };
}

function does(call: Call, known: Service, words: readonly string[]): Stream {
  const { findings } = call.walk;
  const [one = '', two = ''] = words;
  const says = (pattern: RegExp): boolean => pattern.test(one) || pattern.test(`${one} ${two}`);
  findings.name(
    'subcommands',
    `${call.name} ${one}`,
    ...([known.looks, known.changes, known.destroys].some((pattern) => pattern.test(`${one} ${two}`))
      ? [`${call.name} ${one} ${two}`]
      : []),
  );
  if (known.network) {
    findings.is('network');
    findings.name('hosts', 'unknown');
  }
  if (words.length === 0) return SOME;
  findings.readsFrom(known.place);
  if (words.slice(1).some((word) => known.secret.test(word))) findings.readsFrom('secret');
  if (says(known.destroys)) findings.is('destroys');
  if (says(known.destroys) || says(known.changes)) {
    findings.writesTo(known.place);
    files(call);
    // What is applied from an address runs there unread.
    for (const arg of call.args.filter((each) => prefixOf(each).includes('://'))) {
      addUrl(arg, findings);
      findings.is('fetchesAndRuns', 'runsCode');
    }
    return SOME;
  }
  if (!says(known.looks))
    throw notUnderstood(
      `${call.name} ${one} ${two} is not among the subcommands that are understood here.`.replace('  ', ' '),
    );
  return { fetched: known.network };
}

/** What is applied or built is read from the folder, and runs elsewhere. */
function files(call: Call): void {
  call.walk.findings.runsFrom('workspace');
  for (const [index, arg] of call.args.entries())
    if (/^(?:-f|--file|--filename|-k|--kustomize|--values)$/.test(textOf(arg) ?? ''))
      touch(call, call.args[index + 1] ?? [], 'read');
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
  ['docker', service(DOCKER)],
  ['podman', service(DOCKER)],
  [
    'docker-compose',
    service({
      ...DOCKER,
      looks: /^(?:ps|ls|logs|config|images|top|port|version|--version)$/,
      changes: /^(?:up|down|build|pull|start|stop|restart)$/,
      destroys: /^(?:rm|kill)$/,
    }),
  ],
  ['kubectl', service(KUBECTL)],
  ['helm', service(HELM)],
  ['terraform', service(TERRAFORM)],
  ['tofu', service(TERRAFORM)],
  ['aws', service(AWS)],
  ['gcloud', service(GCLOUD)],
  ['systemctl', service(SYSTEMCTL)],
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
