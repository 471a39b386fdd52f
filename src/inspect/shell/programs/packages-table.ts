import { GO } from './go-table.ts';
import { node, WORKSPACES, type PackagesDo } from './packages-node-table.ts';
import { subcommandsOf, type Subcommands } from '../subcommands.ts';

/** What the tests and the linter of cargo are handed. */
export const CARGO_HANDED =
  '-D=text -W=text -A=text -F=text --check --nocapture --no-capture --ignored --include-ignored --exact --list --show-output --test-threads=text --skip=text --quiet --color=text';

const PIP =
  '-q -v --quiet --verbose --no-input --no-color --disable-pip-version-check --no-python-version-warning --isolated --no-cache-dir --require-virtualenv --retries=text --timeout=text -V --version -h --help';
const PIP_INSTALLS =
  '-U -r=run --requirement=run -c=run --constraint=run --upgrade --user --pre --no-deps --force-reinstall --ignore-installed -I --upgrade-strategy=text --no-binary=text --only-binary=text --prefer-binary --require-hashes --dry-run --no-warn-script-location --no-warn-conflicts --no-build-isolation --no-compile --compile --break-system-packages --progress-bar=text --root-user-action=text --ignore-requires-python --no-clean --use-pep517 --check-build-dependencies -y --yes --system --strict';
const CARGO = '-q -v -vv[=text] --quiet --verbose --color=text --locked --offline --frozen -h --help';
const CARGO_BUILDS =
  '-p=text -r -j=text -F=text --package=text --workspace --all --exclude=text --lib --bins --bin=text --examples --example=text --tests --test=text --benches --bench=text --all-targets --release --profile=text --features=text --all-features --no-default-features --target=text --jobs=text --keep-going --no-run --no-fail-fast --doc --message-format=text --no-deps --document-private-items --timings[=text] --future-incompat-report --ignore-rust-version --allow-dirty --allow-staged --fix --check';
const APT =
  '-y -q -qq[=text] -s -u -V -d --yes --assume-yes --no-install-recommends --install-recommends --no-install-suggests --quiet --simulate --dry-run --only-upgrade --reinstall --fix-missing --fix-broken --purge --auto-remove --installed --upgradable --upgradeable --all-versions -a --no-cache --update --refresh --names-only --full';

const TABLES: Readonly<Record<string, Subcommands<PackagesDo>>> = {
  npm: node(),
  pnpm: node([['exec', 'inner', WORKSPACES]]),
  yarn: node([
    ['workspaces list', 'tells', ''],
    ['exec', 'inner', ''],
  ]),
  bun: node([['x', 'anything', '']]),
  pip: subcommandsOf(PIP, PIP, [
    [
      'list',
      'tells',
      '-l --local --user -e --editable --pre --format=text --not-required --exclude=text --include-editable --exclude-editable -o --outdated -u --uptodate',
    ],
    [
      'freeze',
      'tells',
      '-l --local --user --all --exclude-editable --exclude=text -r=read --requirement=read',
    ],
    ['show', 'tells', '-f --files'],
    ['check,debug', 'tells', ''],
    ['index versions', 'asks', '--pre'],
    ['install', 'installs', PIP_INSTALLS],
    ['uninstall', 'installs', PIP_INSTALLS],
  ]),
  uv: subcommandsOf(
    '-q -v --version',
    '-q -v --quiet --verbose --offline --no-progress --no-cache --color=text',
    [
      [
        'tree',
        'tells',
        '--depth=text -d=text --frozen --locked --outdated --invert --package=text --prune=text --no-dedupe --universal',
      ],
      ['version', 'tells', '--short', 0],
      [
        'pip list,pip freeze,pip show,pip check,pip tree',
        'tells',
        '--format=text --outdated --strict --exclude=text --files -f',
      ],
      ['python list', 'tells', '--only-installed --all-versions'],
      [
        'sync,lock',
        'installs',
        '--frozen --locked --all-extras --extra=text --no-dev --dev --only-dev --group=text --no-group=text --all-groups --no-install-project --upgrade -U --upgrade-package=text -P=text --check --dry-run --reinstall --inexact --exact --all-packages --package=text',
      ],
      [
        'add,remove',
        'installs',
        '--dev --group=text --optional=text --extra=text --frozen --locked --no-sync --upgrade --bounds=text --package=text',
      ],
      ['venv', 'installs', '-p=text --python=text --seed --clear'],
      ['pip install,pip uninstall,pip sync', 'installs', PIP_INSTALLS],
      ['build', 'runs', '--sdist --wheel', 0],
      [
        'run',
        'inner',
        '--frozen --locked --no-sync --no-dev --all-extras --extra=text --group=text --exact --isolated',
      ],
    ],
  ),
  poetry: subcommandsOf(
    '-q -v -n --version -V --no-interaction',
    '-q -v -n --no-interaction --no-ansi --ansi --quiet --verbose',
    [
      [
        'show',
        'tells',
        '-t -l -o -a -T --tree --latest --outdated --all --top-level --why --with=text --without=text --only=text --no-dev',
      ],
      ['check', 'tells', '--lock --strict', 0],
      ['version', 'tells', '-s --short --dry-run', 0],
      ['env info,env list', 'tells', '-p --path --full-path'],
      [
        'install,update,lock,add,remove,sync',
        'installs',
        '-D -G=text --group=text --with=text --without=text --only=text --only-root --no-root --sync --all-extras --all-groups -E=text --extras=text --dev --no-dev --dry-run --compile --no-update --no-cache --regenerate --lock --optional --python=text --allow-prereleases',
      ],
      ['build', 'runs', '-f=text --format=text', 0],
      ['run', 'inner', ''],
      ['publish', 'publishes', '--build --dry-run --skip-existing'],
    ],
  ),
  cargo: subcommandsOf(`${CARGO} -V --version --list`, CARGO, [
    ['version', 'tells', '', 0],
    [
      'tree',
      'tells',
      '-p=text -e=text -i=text -d -F=text --package=text --edges=text --invert=text --depth=text --prefix=text --duplicates --workspace --features=text --all-features --no-default-features --target=text --no-dedupe --prune=text --charset=text --format=text',
    ],
    [
      'metadata',
      'tells',
      '--no-deps --format-version=text --features=text --all-features --no-default-features --filter-platform=text',
    ],
    ['locate-project,pkgid', 'tells', '--workspace --message-format=text'],
    ['search', 'asks', '--limit=text'],
    ['info', 'asks', ''],
    ['build,b,check,c,test,t,run,r,bench,doc,clippy', 'runs', CARGO_BUILDS],
    ['fmt', 'runs', '-p=text --all --check --package=text --message-format=text'],
    ['clean', 'runs', '-p=text --package=text -r --release --doc --dry-run -n'],
    [
      'update,fetch,generate-lockfile',
      'installs',
      '-p=text --package=text --precise=text -w --workspace --aggressive --recursive --dry-run --target=text',
    ],
    [
      'add,remove',
      'installs',
      '-p=text -F=text --package=text --dev --build --optional --no-optional --features=text --no-default-features --default-features --rename=text --dry-run -n',
    ],
    [
      'install',
      'installs',
      '-f -F=text -j=text --force --version=text --features=text --all-features --no-default-features --bin=text --bins --example=text --debug --profile=text --no-track --dry-run',
    ],
    ['publish,yank', 'publishes', '-p=text --package=text --dry-run --allow-dirty --no-verify'],
  ]),
  go: GO,
  gem: subcommandsOf('--version -v', '-q -V --quiet --verbose --no-color', [
    [
      'list',
      'tells',
      '-a -d -l -e -i --local --all --details --exact --installed --versions --prerelease -v=text',
    ],
    ['env,environment', 'tells', ''],
    ['which,contents,specification', 'tells', ''],
    ['search', 'asks', '-e -a -d --exact --all --details --remote -r'],
    [
      'install,update,uninstall',
      'installs',
      '-v=text -N -a -x -I -f --version=text --no-document --conservative --user-install --force --all --executables --prerelease --pre --minimal-deps --without=text',
    ],
    ['push,yank', 'publishes', '-v=text --version=text --otp=text'],
  ]),
  bundle: subcommandsOf('--version -v', '--quiet --verbose --no-color', [
    [
      'list,show,info',
      'tells',
      '--paths --path --only-group=text --without-group=text --name-only --version',
    ],
    ['check', 'tells', '--dry-run', 0],
    [
      'outdated',
      'asks',
      '--strict --major --minor --patch --parseable --pre --group=text --groups --only-explicit',
    ],
    ['exec', 'inner', ''],
    [
      'install,update,add,lock',
      'installs',
      '-j=text --jobs=text --retry=text --local --deployment --frozen --without=text --with=text --all --group=text --conservative --patch --minor --major --strict --no-cache --prefer-local --full-index --redownload --force --skip-install --version=text --optimistic --update[=text]',
    ],
  ]),
  composer: subcommandsOf(
    '-V --version',
    '-q -n -v -vv[=text] -vvv[=text] --quiet --no-interaction --verbose --ansi --no-ansi --no-plugins --no-scripts',
    [
      [
        'show,info',
        'tells',
        '-t -l -o -D -P -s -i -a -p -N --tree --latest --outdated --direct --path --self --installed --all --platform --name-only --format=text --locked --no-dev --minor-only --strict',
      ],
      [
        'validate,licenses,check-platform-reqs',
        'tells',
        '--no-check-all --no-check-lock --no-check-publish --strict --no-dev --format=text -f=text --with-dependencies',
      ],
      [
        'outdated,audit',
        'asks',
        '-a -D -m -p --all --direct --minor-only --format=text -f=text --strict --no-dev --locked --abandoned=text',
      ],
      ['search', 'asks', '-N -O --only-name --only-vendor --format=text'],
      ['run-script,run,test', 'runs', '-l --list --dev --no-dev --timeout=text'],
      [
        'dump-autoload,dumpautoload',
        'runs',
        '-o -a --optimize --classmap-authoritative --apcu --dev --no-dev --strict-psr',
      ],
      [
        'install,update,require,remove',
        'installs',
        '-o -a -w -W --dev --no-dev --optimize-autoloader --classmap-authoritative --apcu-autoloader --prefer-dist --prefer-source --prefer-install=text --prefer-stable --prefer-lowest --dry-run --no-progress --no-suggest --no-autoloader --no-update --no-install --no-audit --with-dependencies --with-all-dependencies --ignore-platform-reqs --ignore-platform-req=text --lock --root-reqs --minimal-changes -m --unused',
      ],
    ],
  ),
  brew: subcommandsOf('--version -v', '-q -v -d --quiet --verbose --debug', [
    [
      'list,ls,leaves,deps,uses,info',
      'tells',
      '-1 -l -r -t --formula --cask --formulae --casks --versions --pinned --full-name --multiple --json[=text] --installed --tree --installed-on-request --installed-as-dependency --include-build',
    ],
    ['config,doctor', 'tells', '', 0],
    ['search,outdated', 'asks', '--formula --cask --desc --json[=text] --greedy'],
    [
      'install,upgrade,update,uninstall,reinstall,cleanup',
      'installs',
      '-f -n -s --formula --cask --force --dry-run --greedy --ignore-dependencies --zap --prune=text',
    ],
    ['tap', 'installs', '', 1],
  ]),
  apt: subcommandsOf(APT, APT, [
    ['list,show,policy,depends,rdepends,madison,search,showpkg', 'tells', ''],
    [
      'install,remove,purge,update,upgrade,autoremove,full-upgrade,dist-upgrade,add,del,clean,autoclean,makecache',
      'installs',
      '',
    ],
  ]),
  dotnet: subcommandsOf('--version --info --list-sdks --list-runtimes', '-v=text --verbosity=text --nologo', [
    ['list', 'tells', '--outdated --vulnerable --deprecated --include-transitive --format=text'],
    [
      'build,test,run,publish,clean,format',
      'runs',
      '-c=text -f=text -r=text -o=write --configuration=text --framework=text --runtime=text --output=write --no-restore --no-build --no-incremental --filter=text --project=run --list-tests -t --self-contained[=text] --verify-no-changes --no-self-contained --include=text --exclude=text --blame --collect=text --no-launch-profile',
    ],
    [
      'restore,add',
      'installs',
      '--no-cache --force --locked-mode --use-lock-file --version=text --prerelease',
    ],
  ]),
  mvn: subcommandsOf(
    '-v --version -B -q -e -X -U -o -ntp[=text] -T=text -pl=text -am[=text] -amd[=text] -P=text -DskipTests[=text] -Dtest=text -Dmaven.test.skip[=text] --batch-mode --quiet --errors --offline --no-transfer-progress --update-snapshots -fae[=text] -ff[=text] -fn[=text] -N',
    '-B -q -e -X -U -o -ntp[=text] -T=text -pl=text -am[=text] -amd[=text] -P=text -DskipTests[=text] -Dtest=text -Dmaven.test.skip[=text] -DfailIfNoTests=text --batch-mode --quiet --errors --offline --no-transfer-progress --update-snapshots -fae[=text] -ff[=text] -fn[=text] -N',
    [['compile,test,package,verify,clean,install,validate,test-compile,process-resources', 'runs', '']],
  ),
  gradle: subcommandsOf(
    '-v --version -q -i -s -S -w -x=text --offline --no-daemon --daemon --parallel --console=text --quiet --info --stacktrace --warning-mode=text --build-cache --no-build-cache --rerun-tasks --continue --exclude-task=text --refresh-dependencies --configuration-cache --no-configuration-cache',
    '-q -i -s -S -w -x=text --offline --no-daemon --daemon --parallel --console=text --quiet --info --stacktrace --warning-mode=text --build-cache --no-build-cache --rerun-tasks --continue --exclude-task=text --refresh-dependencies --tests=text --all --configuration=text --dry-run -m --configuration-cache --no-configuration-cache',
    [['tasks,projects,dependencies,build,test,check,clean,assemble,classes,jar,compileJava', 'runs', '']],
  ),
};

const SAME: Readonly<Record<string, string>> = {
  pip3: 'pip',
  'apt-get': 'apt',
  'apt-cache': 'apt',
  dnf: 'apt',
  yum: 'apt',
  apk: 'apt',
};

export const MANAGERS: readonly string[] = [...Object.keys(TABLES), ...Object.keys(SAME)];

/** `pip` of `pip3`. */
export function managerOf(name: string): string {
  return SAME[name] ?? name;
}

export function packagesTable(manager: string): Subcommands<PackagesDo> | undefined {
  return TABLES[manager];
}
