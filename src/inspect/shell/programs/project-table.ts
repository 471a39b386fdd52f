import { optionsOf, type ProgramSpec } from '../options.ts';

/**
 * Every option of a build, a test or a linter that is understood. `run`: a file whose code or settings it goes by. What stands here as
 * text is neither a program nor a module: by their names these tools load others.
 */
const OPTIONS: Readonly<Record<string, string>> = {
  make: '-j[=text] -k -s -n -B -i -q -r -R -w -t -v -p -l[=text] -O[=text] -f=run -C=run -o=text -W=text --jobs[=text] --keep-going --silent --quiet --dry-run --just-print --question --always-make --ignore-errors --print-directory --no-print-directory --trace --debug[=text] --output-sync[=text] --warn-undefined-variables --no-builtin-rules --no-builtin-variables --file=run --makefile=run --directory=run --version --print-data-base --touch --help',
  pytest:
    '-q -v -vv[=text] -x -s -l -h -k=text -m=text -n=text -r=text --quiet --verbose --exitfirst --maxfail=text --lf --last-failed --ff --failed-first --nf --new-first --sw --stepwise --tb=text --durations=text --durations-min=text --capture=text --collect-only --co --showlocals --no-header --no-summary --cov[=text] --cov-report=text --cov-branch --cov-fail-under=text --no-cov --junitxml=write --junit-xml=write --color=text --disable-warnings --disable-pytest-warnings --strict-markers --strict-config --markers --fixtures --cache-clear --cache-show[=text] --setup-show --full-trace --ignore=text --ignore-glob=text --deselect=text --runxfail --version --timeout=text --reruns=text --randomly-seed=text --dist=text --numprocesses=text --asyncio-mode=text --import-mode=text --rootdir=run --confcutdir=run -c=run --config-file=run --ds=refuse --pdb=refuse',
  tox: '-e=text -q -v -r -p=text --recreate --parallel=text --list --listenvs -l --skip-missing-interpreters[=text] --notest --version',
  jest: '-i -b -t=text -o -u -w=text --coverage[=text] --watch[=text] --watchAll[=text] --ci[=text] --runInBand --bail[=text] --verbose[=text] --silent[=text] --testNamePattern=text --testPathPattern=text --testPathPatterns=text --testPathIgnorePatterns=text --updateSnapshot --onlyChanged --onlyFailures --changedSince=text --maxWorkers=text --passWithNoTests --detectOpenHandles --forceExit --no-cache --clearCache --listTests --showConfig --json --outputFile=write --expand --colors --color --no-color --logHeapUsage --randomize --seed=text --shard=text --collectCoverageFrom=text --coverageDirectory=write --testTimeout=text --findRelatedTests --selectProjects=text --config=run -c=run --rootDir=run --noStackTrace --errorOnDeprecated --version',
  vitest:
    '-u -t=text -w --watch[=text] --run --coverage[=text] --coverage.enabled[=text] --ui --update[=text] --testNamePattern=text --passWithNoTests --bail=text --retry=text --silent[=text] --hideSkippedTests --isolate[=text] --no-isolate --threads[=text] --no-threads --maxWorkers=text --minWorkers=text --changed[=text] --shard=text --typecheck[=text] --project=text --mode=text --no-color --color --logHeapUsage --allowOnly --no-file-parallelism --sequence.shuffle[=text] --testTimeout=text --hookTimeout=text --dir=run --root=run --config=run -c=run -r=run --reporter=text --version -v',
  mocha:
    '-b -g=text -f=text -t=text -w -p -j=text -R=text -C --bail --grep=text --fgrep=text --timeout=text --watch --parallel --jobs=text --recursive --exit --invert -i --slow=text -s=text --retries=text --forbid-only --forbid-pending --check-leaks --full-trace --diff --no-diff --colors --no-colors --dry-run --extension=text --ignore=text --sort --version -V',
  tsc: '-w -b -d -h -v -p=run --noEmit[=text] --watch --build --project=run --pretty[=text] --strict[=text] --skipLibCheck[=text] --incremental[=text] --listFiles --listFilesOnly --showConfig --declaration[=text] --emitDeclarationOnly[=text] --sourceMap[=text] --target=text -t=text --module=text -m=text --moduleResolution=text --lib=text --jsx=text --outDir=write --outFile=write --declarationDir=write --tsBuildInfoFile=write --rootDir=read --traceResolution --explainFiles --diagnostics --extendedDiagnostics --esModuleInterop[=text] --allowJs[=text] --checkJs[=text] --resolveJsonModule[=text] --isolatedModules[=text] --noUnusedLocals[=text] --noUnusedParameters[=text] --noImplicitAny[=text] --force -f --clean --dry --verbose --version --help --init --all --preserveWatchOutput --noEmitOnError[=text] --composite[=text] --types=text',
  eslint:
    '-h -v --fix --fix-dry-run --fix-type=text --ext=text --cache --cache-strategy=text --cache-location=write --max-warnings=text --quiet --color --no-color --format=text -f=text -o=write --output-file=write --ignore-pattern=text --no-ignore --no-inline-config --report-unused-disable-directives --report-unused-disable-directives-severity=text --rule=text --env=text --global=text --no-error-on-unmatched-pattern --pass-on-no-patterns --debug --print-config=read --stdin --stdin-filename=text --version --help -c=run --config=run --no-eslintrc --no-warn-ignored --stats --concurrency=text',
  oxlint:
    '-D=text -A=text -W=text -f=text -c=run --fix --fix-suggestions --quiet --deny-warnings --max-warnings=text --format=text --threads=text --config=run --tsconfig=run --type-aware --ignore-pattern=text --no-ignore --import-plugin --react-plugin --jest-plugin --vitest-plugin --node-plugin --rules --version --print-config --silent --disable-nested-config',
  prettier:
    '-c -w -l -u --check --write --list-different --ignore-unknown --log-level=text --loglevel=text --no-config --config=run --ignore-path=read --parser=text --single-quote --tab-width=text --use-tabs --no-semi --print-width=text --trailing-comma=text --prose-wrap=text --end-of-line=text --cache --cache-location=write --cache-strategy=text --no-cache --color --no-color --no-error-on-unmatched-pattern --stdin-filepath=text --version --file-info=read --find-config-path=read --no-editorconfig --bracket-same-line --arrow-parens=text --quote-props=text --with-node-modules --check-ignore-pragma',
  stylelint:
    '-f=text -q --fix --cache --allow-empty-input --aei --max-warnings=text --quiet --formatter=refuse --color --no-color --ignore-pattern=text --config=run --version --report-needless-disables --rd --ignore-path=read -o=write --output-file=write',
  mypy: '-v -p=text -m=text --strict --ignore-missing-imports --no-error-summary --show-error-codes --hide-error-codes --pretty --no-pretty --python-version=text --platform=text --exclude=text --follow-imports=text --no-incremental --install-types=refuse --check-untyped-defs --disallow-untyped-defs --disallow-any-generics --warn-unused-ignores --warn-return-any --warn-redundant-casts --no-implicit-optional --show-column-numbers --show-error-context --explicit-package-bases --namespace-packages --config-file=run --cache-dir=write --disable-error-code=text --enable-error-code=text --package=text --module=text --version --non-interactive --no-color-output --output=text --verbose',
  ruff: '-q -v -s -n -e --fix --unsafe-fixes --no-fix --no-unsafe-fixes --fix-only --diff --check --watch --select=text --ignore=text --extend-select=text --extend-ignore=text --per-file-ignores=text --exclude=text --extend-exclude=text --output-format=text --output-file=write -o=write --target-version=text --line-length=text --preview --no-preview --statistics --show-files --show-settings --exit-zero --exit-non-zero-on-fix --no-cache --cache-dir=write --quiet --verbose --silent --respect-gitignore --force-exclude --add-noqa --version --isolated --config=run --stdin-filename=text --range=text --all',
  black:
    '-l=text -t=text -S -C -q -v -W=text --check --diff --color --no-color --line-length=text --target-version=text --skip-string-normalization --skip-magic-trailing-comma --fast --safe --include=text --exclude=text --extend-exclude=text --force-exclude=text --quiet --verbose --preview --workers=text --version --config=run --pyi --ipynb --line-ranges=text',
  isort:
    '-c -d -q -v -l=text --check --check-only --diff --profile=text --line-length=text --quiet --verbose --skip=text --skip-glob=text --filter-files --atomic --float-to-top --settings-path=run --settings-file=run --version --only-modified --skip-gitignore --gitignore --show-files --color --py=text',
  flake8:
    '-v -q -j=text --count --select=text --ignore=text --extend-ignore=text --extend-select=text --max-line-length=text --max-complexity=text --exclude=text --extend-exclude=text --filename=text --statistics --show-source --per-file-ignores=text --output-file=write --format=text --tee --exit-zero --benchmark --jobs=text --verbose --quiet --version --config=run --append-config=run --isolated --color=text',
  pylint:
    '-E -v -s=text -r=text -d=text -e=text -f=text -j=text --errors-only --disable=text --enable=text --reports=text --score=text --jobs=text --output-format=text --output=write --fail-under=text --fail-on=text --ignore=text --ignore-patterns=text --ignore-paths=text --max-line-length=text --recursive=text --rcfile=run --version --verbose --list-msgs --exit-zero --persistent=text --msg-template=text',
  pyright:
    '-p=run -w -v --project=run --watch --verbose --stats --outputjson --warnings --level=text --skipunannotated --pythonversion=text --pythonplatform=text --dependencies --threads[=text] --version',
  rubocop:
    '-a -A -x -l -D -S -P -L -f=text -o=write -c=run --autocorrect --autocorrect-all --auto-correct --only=text --except=text --format=text --out=write --lint --display-cop-names --no-display-cop-names --parallel --no-parallel --fail-level=text --force-exclusion --cache=text --list-target-files --fix-layout --extra-details --config=run --safe --debug -d --color --no-color --version -v -V --auto-gen-config --display-only-fail-level-offenses --fail-fast -F',
  rspec:
    '-e=text -E=text -f=text -o=write -t=text -P=text -c -b -w -v --example=text --example-matches=text --format=text --out=write --tag=text --pattern=text --exclude-pattern=text --fail-fast[=text] --no-fail-fast --next-failure --only-failures --seed=text --order=text --profile[=text] --no-profile --backtrace --color --no-color --force-color --dry-run --bisect=refuse --failure-exit-code=text --warnings --version',
  'golangci-lint':
    '-v -j=text -E=text -D=text -p=text --fix --fast --timeout=text --enable=text --disable=text --enable-all --disable-all --enable-only=text --default=text --presets=text --issues-exit-code=text --tests[=text] --build-tags=text --concurrency=text --new --new-from-rev=text --out-format=text --max-issues-per-linter=text --max-same-issues=text --color=text --verbose --version --config=run -c=run --allow-parallel-runners --fast-only --modules-download-mode=text',
  gofmt: '-l -w -d -s -e -r=text',
  goimports: '-l -w -d -e -v -local=text -format-only[=text]',
  rustfmt:
    '-l -q -v --check --edition=text --emit=text --color=text --files-with-diff --quiet --verbose --version --config-path=run --backup',
  cmake:
    '-S=run -B=write -G=text -A=text -T=text -j[=text] -N -LA[=text] -L[=text] -LH[=text] -DCMAKE_BUILD_TYPE=text -DBUILD_SHARED_LIBS=text -DBUILD_TESTING=text -DCMAKE_EXPORT_COMPILE_COMMANDS=text -DCMAKE_INSTALL_PREFIX=write -DCMAKE_VERBOSE_MAKEFILE=text -DCMAKE_CXX_STANDARD=text -DCMAKE_C_STANDARD=text -DCMAKE_OSX_ARCHITECTURES=text -DCMAKE_BUILD_TYPE:STRING=text --build=run --install=run --target=text -t=text --config=text --parallel[=text] --clean-first --preset=text --list-presets[=text] --fresh --verbose -v --log-level=text --version -Wno-dev[=text] -Wdev[=text] -E=refuse -P=refuse -C=refuse --prefix=write --component=text --strip --workflow --help',
  ctest:
    '-V -VV[=text] -Q -N -j=text -R=text -E=text -L=text -LE=text -C=text -I=text --verbose --extra-verbose --quiet --show-only[=text] --parallel=text --tests-regex=text --exclude-regex=text --label-regex=text --label-exclude=text --output-on-failure --stop-on-failure --timeout=text --repeat=text --rerun-failed --progress --test-dir=run --preset=text --build-config=text --no-tests=text --schedule-random --output-junit=write -F --version --print-labels',
  ninja: '-j=text -k=text -l=text -n -v -d=text -w=text -C=run -f=run --version --verbose --quiet',
  webpack:
    '-w -d=text -m=text --watch --mode=text --devtool=text --progress[=text] --stats[=text] --color --no-color --json[=write] --analyze=refuse --env=text --node-env=text --target=text -t=text --entry=run --output-path=write -o=write --config=run -c=run --profile --fail-on-warnings --version --bail --no-stats --no-watch',
  vite: '-h -m=text -l=text -d[=refuse] -w -f --host[=text] --port=text --open[=refuse] --strictPort --mode=text --outDir=write --assetsDir=text --sourcemap[=text] --minify[=text] --manifest[=text] --emptyOutDir --watch --force --logLevel=text --clearScreen[=text] --base=text --target=text --ssr[=text] --config=run -c=run --version -v --cors --no-color',
  rollup:
    '-c[=run] -w -f=text -o=write -d=write -m[=text] -n=text -i=run -e=text -h -v --config[=run] --watch --format=text --file=write --dir=write --sourcemap[=text] --name=text --input=run --external=text --globals=text --silent --environment=text --no-color --failAfterWarnings --validate --no-treeshake --version --compact --minifyInternalExports',
  esbuild:
    '--bundle --minify --minify-whitespace --minify-syntax --minify-identifiers --sourcemap[=text] --splitting --watch[=text] --format=text --platform=text --target=text --outfile=write --outdir=write --outbase=read --external=refuse --define=refuse --jsx=text --jsx-factory=text --jsx-fragment=text --tree-shaking=text --log-level=text --log-limit=text --color=text --legal-comments=text --charset=text --metafile=write --analyze[=text] --keep-names --drop=text --allow-overwrite --tsconfig=run --global-name=text --packages=text --public-path=text --entry-names=text --asset-names=text --chunk-names=text --version',
  phpunit:
    '-c=run -v --filter=text --group=text --exclude-group=text --testsuite=text --testdox --stop-on-failure --stop-on-error --stop-on-defect --colors[=text] --coverage-text[=write] --coverage-html=write --coverage-clover=write --log-junit=write --no-coverage --list-tests --list-groups --list-suites --order-by=text --random-order-seed=text --display-deprecations --display-warnings --fail-on-warning --fail-on-risky --debug --verbose --version --configuration=run --no-progress --no-output --cache-result --do-not-cache-result --path-coverage',
  markdownlint:
    '-f -q -i=text -o=write -p=read -d --fix --quiet --ignore=text --output=write --ignore-path=read --dot --json --enable=text --disable=text --config=run -c=run --version',
  hadolint:
    '-f=text -t=text -c=run --format=text --ignore=text --failure-threshold=text --no-fail --no-color --trusted-registry=text --config=run --strict-labels --disable-ignore-pragma --verbose --version -V --error=text --warning=text --info=text --style=text',
  yamllint:
    '-s -f=text -d=text -c=run --strict --format=text --no-warnings --list-files --config-data=text --config-file=run --version -v',
  shfmt:
    '-l -w -d -s -mn[=text] -i=text -bn[=text] -ci[=text] -sr[=text] -kp[=text] -fn[=text] -ln=text -p -f --list --write --diff --simplify --minify --indent=text --find --posix --language-dialect=text --filename=text --version --apply-ignore',
  knip: '-p -n --production --strict --include=text --exclude=text --no-progress --no-exit-code --reporter=text --max-issues=text --cache --fix --dependencies --exports --files --workspace=text --version --tsConfig=run --config=run -c=run --debug',
  biome:
    '--write --fix --unsafe --changed --since=text --staged --max-diagnostics=text --diagnostic-level=text --reporter=text --colors=text --no-errors-on-unmatched --verbose --error-on-warnings --only=text --skip=text --config-path=run --version --json',
};

const SPECS = new Map<string, ProgramSpec>(
  Object.entries(OPTIONS).map(([name, line]) => [
    name,
    { options: optionsOf(line), permutes: true, calm: 'names', wholeWords: name === 'tsc' },
  ]),
);

export const PROJECT_NAMES: readonly string[] = [...SPECS.keys()];

export function projectSpec(name: string): ProgramSpec | undefined {
  return SPECS.get(name);
}
