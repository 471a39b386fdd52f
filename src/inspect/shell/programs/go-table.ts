import type { PackagesDo } from './packages-node-table.ts';
import { subcommandsOf } from '../subcommands.ts';

const GO_BUILDS =
  '-a -n -v -x -i -p=text -race[=text] -msan[=text] -asan[=text] -cover[=text] -covermode=text -coverpkg=text -work[=text] -trimpath[=text] -buildmode=text -buildvcs=text -compiler=text -mod=text -tags=text -pgo=text -json[=text]';

/** Every option of go that is understood; its options are whole words behind one dash. */
export const GO = subcommandsOf<PackagesDo>(
  '',
  '',
  [
    ['version', 'tells', '-m -v'],
    ['env', 'tells', '-json[=text] -changed[=text]'],
    [
      'list',
      'tells',
      '-e -m -u -f=text -json[=text] -deps[=text] -test[=text] -find[=text] -compiled[=text] -versions[=text] -mod=text -tags=text -retracted[=text]',
    ],
    ['doc', 'tells', '-all[=text] -c -src[=text] -short[=text] -u -cmd[=text]'],
    ['help', 'tells', ''],
    ['build', 'runs', `${GO_BUILDS} -o=write`],
    ['vet', 'runs', `${GO_BUILDS} -c=text`],
    ['fmt', 'runs', '-n -x -mod=text'],
    ['generate', 'runs', '-n -v -x -run=text -skip=text'],
    ['clean', 'runs', '-i -n -r -x -cache[=text] -testcache[=text] -fuzzcache[=text]'],
    [
      'test',
      'runs',
      `${GO_BUILDS} -run=text -bench=text -benchtime=text -benchmem[=text] -count=text -short[=text] -timeout=text -parallel=text -cpu=text -failfast[=text] -fullpath[=text] -list=text -shuffle=text -skip=text -vet=text -fuzz=text -fuzztime=text -coverprofile=write -cpuprofile=write -memprofile=write -blockprofile=write -mutexprofile=write -trace=write -outputdir=write`,
    ],
    ['run', 'runs', GO_BUILDS],
    [
      'mod tidy,mod download,mod verify,mod vendor,mod graph,mod why',
      'installs',
      '-v -x -e -m -json[=text] -go=text -compat=text -vendor[=text] -diff[=text]',
    ],
    ['mod init', 'edits', '', 1],
    ['work sync', 'installs', ''],
    ['get', 'installs', '-u -t -v -x -d -tool[=text]'],
    ['install', 'installs', GO_BUILDS],
  ],
  true,
);
