import { subcommandsOf, type SubcommandRow, type Subcommands } from '../subcommands.ts';

/**
 * What a subcommand does. `looks`: at what the service keeps. `shows`: also what is secret there. `plans`: looks, and runs code of the
 * folder. `fetches`: keeps something of another machine. `changes`: what can be undone. `edits`: files of the folder.
 * `settings`: the user's own. `destroys`: what can't.
 */
export type ServiceDoes =
  'looks' | 'shows' | 'plans' | 'fetches' | 'changes' | 'edits' | 'settings' | 'destroys';

export interface Service {
  readonly place: 'container' | 'remote' | 'system';
  readonly network: boolean;
  /** Operands that name what is secret, whatever looks at it. */
  readonly secret: RegExp;
  readonly table: Subcommands<ServiceDoes>;
}

export const NEVER = /^\b$/;

type Rows = readonly SubcommandRow<ServiceDoes>[];

export const COMPOSE: Rows = [
  [
    'ps,ls,images,top,port,version,events,volumes',
    'looks',
    '-a -q --all --quiet --services --format=text --filter=text --status=text --orphans[=text] --no-trunc --index=text --protocol=text --json --short',
  ],
  [
    'logs',
    'looks',
    '-f -n=text -t --follow --tail=text --since=text --until=text --timestamps --no-color --no-log-prefix --index=text',
  ],
  [
    'config',
    'shows',
    '-q --quiet --services --volumes --images --profiles --networks --format=text --no-interpolate --hash=text',
  ],
  ['build', 'fetches', '-q --no-cache --pull --quiet --build-arg=text --progress=text --with-dependencies'],
  ['pull', 'fetches', '-q --quiet --ignore-pull-failures --include-deps --ignore-buildable --policy=text'],
  [
    'up',
    'fetches',
    '-d -t=text --detach --build --no-build --force-recreate --no-recreate --no-deps --no-start --remove-orphans --wait --wait-timeout=text --pull=text --quiet-pull --scale=text --timeout=text --abort-on-container-exit --exit-code-from=text --no-color --no-log-prefix --timestamps --attach=text --no-attach=text -y',
  ],
  ['down', 'changes', '-v -t=text --volumes --rmi=text --remove-orphans --timeout=text'],
  ['start,stop,restart,pause,unpause', 'changes', '-t=text --timeout=text --no-deps --wait'],
  ['rm,kill', 'destroys', '-f -s -v --force --stop --volumes --signal=text'],
];

export const COMPOSE_OPTIONS =
  '-f=read -p=text --file=read --project-name=text --profile=text --ansi=text --progress=text --version -v';

const LISTS =
  '-a -q -f=text -n=text -l -s --all --quiet --filter=text --format=text --no-trunc --last=text --latest --size --digests --tree';
const SHOWS = '-f=text -s --format=text --size --type=text';

export const DOCKER: Service = {
  place: 'container',
  network: false,
  secret: NEVER,
  table: subcommandsOf<ServiceDoes>('-v --version', '', [
    [
      'ps,images,container ps,container ls,container list,image ls,image list,network ls,network list,volume ls,volume list,context ls,node ls,node ps,service ls,service ps,stack ls,stack ps,buildx ls',
      'looks',
      LISTS,
    ],
    [
      'logs,container logs,service logs',
      'looks',
      '-f -n=text -t --follow --tail=text --since=text --until=text --timestamps --details --no-trunc --raw',
    ],
    [
      'inspect,container inspect,image inspect,network inspect,volume inspect,node inspect,service inspect,buildx inspect',
      'looks',
      `${SHOWS} --pretty -v --verbose --platform=text`,
    ],
    ['version,info', 'looks', '-f=text --format=text', 0],
    ['stats,container stats', 'looks', '-a --all --no-stream --no-trunc --format=text'],
    // More words are options of ps, and one of these shows the environment.
    ['top,container top', 'looks', '', 1],
    ['port,container port,diff,container diff', 'looks', ''],
    ['history,image history', 'looks', '-H -q --human[=text] --format=text --no-trunc --quiet'],
    ['events,system events', 'looks', '-f=text --filter=text --since=text --until=text --format=text', 0],
    ['system df', 'looks', '-v --verbose --format=text', 0],
    ['system info', 'looks', '-f=text --format=text', 0],
    ['search', 'fetches', '-f=text --filter=text --format=text --limit=text --no-trunc', 1],
    ['pull,image pull', 'fetches', '-a -q --all-tags --quiet --platform=text'],
    [
      'build,image build,buildx build',
      'fetches',
      '-t=text -f=read -q --tag=text --file=read --target=text --no-cache --no-cache-filter=text --pull --platform=text --progress=text --quiet --build-arg=text --label=text --rm[=text] --force-rm --load --compress --squash --check',
      1,
    ],
    [
      'start,stop,restart,pause,unpause,container start,container stop,container restart',
      'changes',
      '-t=text -s=text --time=text --timeout=text --signal=text',
    ],
    ['tag,image tag', 'changes', '', 2],
    ['rename,container rename', 'changes', '', 2],
    [
      'network create',
      'changes',
      '-d=text --driver=text --internal --ipv6 --label=text --subnet=text --gateway=text --attachable',
      1,
    ],
    // Not -o: a volume can be any folder of the machine.
    ['volume create', 'changes', '--name=text --label=text', 1],
    [
      'rm,rmi,kill,container rm,container kill,container prune,image rm,image prune,network rm,network prune,volume rm,volume prune,system prune,builder prune',
      'destroys',
      '-a -f -v -l -s=text --all --force --volumes --filter=text --no-prune --signal=text',
    ],
  ]),
};
