import { subcommandsOf, type SubcommandRow, type Subcommands } from '../subcommands.ts';

/**
 * What a subcommand does. `tells`: about what is there. `asks`: a registry. `runs`: code of the folder. `inner`: a program with the
 * packages of the folder. `installs`: packages, whose scripts may run. `edits`: files of the folder. `anything`: fetches a package
 * only to run it. `publishes`: sends the folder.
 */
export type PackagesDo =
  'tells' | 'asks' | 'runs' | 'inner' | 'installs' | 'edits' | 'anything' | 'publishes';

/** What is handed to a script of the folder, which no table knows: only what scripts are told day by day. */
export const SCRIPT_OPTIONS =
  '-u -w -b -i -v -q -t=text -g=text -k=text -n=text --watch[=text] --watchAll[=text] --coverage[=text] --ci --runInBand --fix --check --verbose --silent --quiet --bail[=text] --updateSnapshot --update[=text] --testNamePattern=text --testPathPattern=text --testPathPatterns=text --reporter=text --reporters=text --grep=text --filter=text --run --noEmit --production --mode=text --port=text --host[=text] --browser=text --project=text --headed --headless --ui --forceExit --detectOpenHandles --maxWorkers=text --passWithNoTests --max-warnings=text --cache --no-cache --dry-run --help --debug --timeout=text --shard=text --retries=text --workers=text';

const NPM_EVERYWHERE =
  '-s -q -d --silent --quiet --verbose --loglevel=text --json --color[=text] --no-color --no-progress --progress --no-update-notifier --no-fund --no-audit -v --version -h --help --if-present';
export const WORKSPACES =
  '-w=text -ws[=text] --workspace=text --workspaces --include-workspace-root -W -r -F=text --filter=text --recursive';
const SAVES =
  '-D -S -E -O -P -B -N -T -f -g --global --save --save-dev --save-prod --save-exact --save-optional --save-peer --save-bundle --no-save --dev --exact --tilde --optional --peer --production --prod --omit=text --include=text --legacy-peer-deps --strict-peer-deps --force --ignore-scripts --offline --prefer-offline --prefer-online --dry-run --package-lock-only --no-package-lock --no-optional --no-bin-links --foreground-scripts --engine-strict --frozen-lockfile --no-frozen-lockfile --immutable --immutable-cache --check-cache --pure-lockfile --no-lockfile --ignore-engines --ignore-platform --ignore-optional --non-interactive --network-timeout=text --mode=text --shamefully-hoist --lockfile-only --fix-lockfile --latest --interactive=refuse --depth=text --audit --fund --network-concurrency=text --save-workspace-protocol --workspace-root --ignore-workspace-root-check --all --link=refuse --yarn -L -C=refuse -i=refuse';

const NODE: readonly SubcommandRow<PackagesDo>[] = [
  [
    'ls,list,ll,why,explain,fund',
    'tells',
    `-a -p -l -g --all --global --depth=text --long --parseable --prod --production --dev --omit=text --include=text --package-lock-only --pattern=text --lockfile-only --only-projects --which=refuse ${WORKSPACES}`,
  ],
  ['root,prefix,bin', 'tells', '-g --global', 0],
  ['help', 'tells', '', 1],
  ['config get', 'tells', '', 1],
  ['pkg get', 'tells', WORKSPACES],
  ['pkg set,pkg delete,pkg fix', 'edits', WORKSPACES],
  ['view,info,show,v', 'asks', WORKSPACES],
  [
    'outdated',
    'asks',
    `-a -l -p -g --all --long --parseable --global --format=text --compatible --dev --prod --no-optional ${WORKSPACES}`,
  ],
  [
    'search',
    'asks',
    '-l -p --long --parseable --description --no-description --searchlimit=text --exclude=text',
  ],
  [
    'audit',
    'asks',
    `--audit-level=text --level=text --groups=text --omit=text --include=text --production --prod --dev --package-lock-only --severity=text --environment=text --all --recursive --ignore-registry-errors --fix ${WORKSPACES}`,
    0,
  ],
  ['audit signatures', 'asks', '--omit=text'],
  [
    'audit fix',
    'installs',
    '-f --force --dry-run --omit=text --package-lock-only --audit-level=text --only=text',
  ],
  ['ping', 'asks', '', 0],
  [
    'run,run-script,test,t,start,stop,restart,build,lint,dev,format,check,typecheck,rebuild',
    'runs',
    `--ignore-scripts --parallel --stream --no-bail --no-sort --reporter-hide-prefix --resume-from=text --sequential --workspace-concurrency=text --aggregate-output ${WORKSPACES} ${SCRIPT_OPTIONS.replace('-w ', '').replace('--filter=text ', '')}`,
  ],
  [
    'install,i,ci,add,update,upgrade,up,uninstall,remove,rm,un,dedupe,prune,link,unlink,install-test,it,clean-install',
    'installs',
    `${SAVES} ${WORKSPACES} ${NPM_EVERYWHERE}`,
  ],
  ['dlx,create,init', 'anything', '-y --yes -q --quiet --silent'],
  [
    'publish,unpublish,deprecate,dist-tag',
    'publishes',
    '--access=text --tag=text --dry-run --otp=text --force --no-git-checks --provenance',
  ],
];

export function node(more: readonly SubcommandRow<PackagesDo>[] = []): Subcommands<PackagesDo> {
  return subcommandsOf(
    `${WORKSPACES} --parallel --stream --frozen-lockfile --immutable --production --ignore-scripts --ignore-engines --non-interactive --prefer-offline --offline`,
    NPM_EVERYWHERE,
    [...NODE, ...more],
  );
}
