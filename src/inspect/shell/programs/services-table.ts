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

const NEVER = /^\b$/;

type Rows = readonly SubcommandRow<ServiceDoes>[];

const COMPOSE: Rows = [
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

const COMPOSE_OPTIONS =
  '-f=read -p=text --file=read --project-name=text --profile=text --ansi=text --progress=text --version -v';

const LISTS =
  '-a -q -f=text -n=text -l -s --all --quiet --filter=text --format=text --no-trunc --last=text --latest --size --digests --tree';
const SHOWS = '-f=text -s --format=text --size --type=text';

const DOCKER: Service = {
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

const KUBECTL_EVERYWHERE = '-n=text --namespace=text --context=text --cluster=text --request-timeout=text';
const KUBECTL_LISTS =
  '-A -l=text -L=text -o=text -w -R --all-namespaces --selector=text --label-columns=text --output=text --watch --watch-only --field-selector=text --show-labels --sort-by=text --no-headers[=text] --ignore-not-found[=text] --show-kind --chunk-size=text --output-watch-events --show-managed-fields --subresource=text --show-events[=text] --types=text --for=text';
const KUBECTL_APPLIES =
  '-f=run -k=run -R -l=text -o=text --filename=run --kustomize=run --recursive --selector=text --dry-run[=text] --server-side --validate[=text] --wait[=text] --timeout=text --overwrite --all --output=text --record --field-manager=text --save-config';

const KUBECTL: Service = {
  place: 'remote',
  network: true,
  secret: /(?:^|[,/])secrets?(?:[.,/]|$)/i,
  table: subcommandsOf<ServiceDoes>(KUBECTL_EVERYWHERE, KUBECTL_EVERYWHERE, [
    ['get,describe,events', 'looks', KUBECTL_LISTS],
    [
      'logs',
      'looks',
      '-f -c=text -l=text -p --follow --container=text --selector=text --previous --tail=text --since=text --since-time=text --timestamps --all-containers[=text] --all-pods[=text] --prefix --max-log-requests=text --limit-bytes=text --ignore-errors --pod-running-timeout=text',
    ],
    [
      'top,top pods,top pod,top nodes,top node',
      'looks',
      '-A -l=text --all-namespaces --selector=text --containers --sort-by=text --no-headers --sum --use-protocol-buffers --field-selector=text',
    ],
    ['explain', 'looks', '-o=text --recursive --api-version=text --output=text'],
    ['version', 'looks', '-o=text --client[=text] --output=text --short', 0],
    ['cluster-info', 'looks', '', 0],
    [
      'api-resources,api-versions',
      'looks',
      '-o=text --namespaced[=text] --verbs=text --api-group=text --no-headers --output=text --sort-by=text --cached --categories=text',
      0,
    ],
    [
      'diff',
      'looks',
      '-f=read -k=read -R -l=text --filename=read --kustomize=read --recursive --selector=text --server-side',
      0,
    ],
    ['auth can-i', 'looks', '-q -A --list --all-namespaces --quiet --no-headers --subresource=text'],
    ['auth whoami', 'looks', '-o=text'],
    [
      'config get-contexts,config current-context,config get-clusters',
      'looks',
      '-o=text --output=text --no-headers',
    ],
    ['config use-context', 'settings', '', 1],
    ['rollout status,rollout history', 'looks', '-w -f=refuse --watch[=text] --timeout=text --revision=text'],
    ['wait', 'looks', '-l=text --for=text --timeout=text --selector=text --all -A --all-namespaces'],
    [
      'rollout restart,rollout undo,rollout pause,rollout resume',
      'changes',
      '-l=text --to-revision=text --selector=text --dry-run[=text]',
    ],
    ['apply', 'changes', KUBECTL_APPLIES, 0],
    ['create', 'changes', KUBECTL_APPLIES, 0],
    ['create namespace,create ns', 'changes', '-o=text --dry-run[=text] --save-config', 1],
    [
      'create configmap,create cm',
      'changes',
      '-o=text --from-literal=text --from-file=text --from-env-file=read --dry-run[=text]',
      1,
    ],
    [
      'create deployment,create job,create service',
      'changes',
      '-o=text --image=text --replicas=text --port=text --from=text --tcp=text --dry-run[=text]',
    ],
    [
      'scale',
      'changes',
      '-l=text --replicas=text --current-replicas=text --timeout=text --selector=text --all',
    ],
    ['label,annotate', 'changes', '-l=text --overwrite --selector=text --all --list --dry-run[=text]'],
    [
      'set image,set resources,set env',
      'changes',
      '-l=text -c=text --containers=text --limits=text --requests=text --list --all --selector=text --dry-run[=text]',
    ],
    ['patch', 'changes', '-p=text --patch=text --type=text --dry-run[=text]'],
    [
      'expose,autoscale',
      'changes',
      '--port=text --target-port=text --type=text --name=text --min=text --max=text --cpu-percent=text --dry-run[=text]',
    ],
    ['cordon,uncordon', 'changes', '-l=text --selector=text --dry-run[=text]'],
    [
      'delete,drain,replace,taint',
      'destroys',
      '-f=run -k=run -l=text -A --filename=run --kustomize=run --selector=text --all --force --grace-period=text --ignore-not-found[=text] --wait[=text] --now --timeout=text --ignore-daemonsets --delete-emptydir-data --cascade[=text] --overwrite --field-selector=text --all-namespaces',
    ],
  ]),
};

const HELM_EVERYWHERE = '-n=text --namespace=text --kube-context=text --debug';
const HELM_RENDERS =
  '-f=read -g --values=read --set=text --set-string=text --version=text --description=text --dry-run[=text] --include-crds --skip-crds --skip-tests --no-hooks --is-upgrade --generate-name --dependency-update';

const HELM: Service = {
  ...KUBECTL,
  table: subcommandsOf<ServiceDoes>(HELM_EVERYWHERE, HELM_EVERYWHERE, [
    [
      'list,ls',
      'looks',
      '-A -a -q -d -r -f=text -m=text -o=text --all-namespaces --all --short --date --reverse --filter=text --max=text --output=text --deployed --failed --pending --uninstalled --superseded',
    ],
    [
      'status,history',
      'looks',
      '-o=text --output=text --revision=text --max=text --show-desc --show-resources',
    ],
    ['get notes,get metadata', 'looks', '-o=text --revision=text', 1],
    // What is installed holds the passwords it was installed with.
    [
      'get values,get manifest,get all,get hooks',
      'shows',
      '-a -o=text --all --output=text --revision=text',
      1,
    ],
    ['show chart,show values,show readme,show all,show crds', 'looks', '--version=text --jsonpath=text', 1],
    [
      'search repo,search hub',
      'looks',
      '-l -r -o=text --versions --version=text --devel --regexp --output=text --max-col-width=text',
    ],
    ['version', 'looks', '--short --template=text', 0],
    ['repo list,dependency list', 'looks', '-o=text --output=text'],
    [
      'template,lint',
      'plans',
      `${HELM_RENDERS} -s=text --show-only=text --strict --quiet --with-subcharts --kube-version=text --api-versions=text -a=text`,
    ],
    [
      'install,upgrade',
      'changes',
      `${HELM_RENDERS} -i -o=text --install --wait --wait-for-jobs --timeout=text --atomic --create-namespace --reuse-values --reset-values --reset-then-reuse-values --history-max=text --cleanup-on-fail --output=text --force --no-hooks`,
    ],
    [
      'rollback,test',
      'changes',
      '--wait --timeout=text --cleanup-on-fail --history-max=text --dry-run[=text] --logs --filter=text',
    ],
    ['repo update', 'settings', ''],
    ['repo add', 'settings', '--force-update'],
    ['dependency update,dependency build', 'fetches', '--skip-refresh', 1],
    ['pull', 'fetches', '-d=write --destination=write --version=text --untar --untardir=write --devel', 1],
    [
      'uninstall,delete,repo remove',
      'destroys',
      '--keep-history --wait --timeout=text --dry-run --ignore-not-found --cascade=text',
    ],
  ]),
};

const TERRAFORM_EVERYWHERE = '-no-color[=text] -json[=text]';
const TERRAFORM_PLANS =
  '-var=text -var-file=read -target=text -replace=text -input=text -lock=text -lock-timeout=text -refresh=text -refresh-only[=text] -parallelism=text -detailed-exitcode[=text] -compact-warnings[=text] -destroy[=text] -out=write';

const TERRAFORM: Service = {
  ...KUBECTL,
  secret: NEVER,
  table: subcommandsOf<ServiceDoes>(
    '-version[=text] -v --version',
    TERRAFORM_EVERYWHERE,
    [
      ['version,providers', 'looks', '', 0],
      ['workspace list,workspace show,state list', 'looks', '-id=text'],
      ['graph', 'looks', '-type=text -draw-cycles[=text]'],
      // The state holds the passwords of what it built, and these show them.
      ['show,output,state show', 'shows', '-raw[=text]'],
      ['validate', 'plans', '-no-tests[=text]'],
      ['plan', 'plans', TERRAFORM_PLANS],
      ['fmt', 'edits', '-check[=text] -diff[=text] -recursive[=text] -list=text -write=text'],
      [
        'init',
        'fetches',
        '-input=text -upgrade[=text] -backend=text -reconfigure[=text] -get=text -lock=text -lockfile=text',
      ],
      ['get', 'fetches', '-update[=text]'],
      ['refresh,import', 'changes', '-var=text -var-file=read -target=text -input=text -lock=text'],
      ['workspace select,workspace new', 'changes', '-or-create[=text]'],
      [
        'apply,destroy,taint,untaint,state rm,state mv,state push,workspace delete,force-unlock',
        'destroys',
        `${TERRAFORM_PLANS} -auto-approve[=text] -force[=text]`,
      ],
    ],
    true,
  ),
};

const SYSTEMCTL_EVERYWHERE =
  '-l -a -q -n=text -o=text -t=text -p=text --full --all --quiet --lines=text --output=text --type=text --state=text --no-pager --user --system --plain --no-legend --legend=text --property=text --value --failed --after --before --reverse --no-ask-password --no-block --now --version';

const SYSTEMCTL: Service = {
  place: 'system',
  network: false,
  secret: NEVER,
  table: subcommandsOf<ServiceDoes>(SYSTEMCTL_EVERYWHERE, SYSTEMCTL_EVERYWHERE, [
    [
      'status,list-units,list-unit-files,list-timers,list-sockets,is-active,is-enabled,is-failed,get-default,list-dependencies,is-system-running,list-jobs',
      'looks',
      '',
    ],
    // Both show variables of a service, which hold passwords.
    ['show,cat', 'shows', ''],
    [
      'start,stop,restart,reload,enable,disable,daemon-reload,try-restart,reload-or-restart,reset-failed',
      'changes',
      '',
    ],
    [
      'mask,unmask,kill,poweroff,reboot,halt,suspend,isolate,rescue,emergency,set-default,revert',
      'destroys',
      '-f -s=text --force --signal=text',
    ],
  ]),
};

export const SERVICES_KNOWN: Readonly<Record<string, Service>> = {
  docker: DOCKER,
  podman: DOCKER,
  'docker-compose': { ...DOCKER, table: subcommandsOf(COMPOSE_OPTIONS, '', COMPOSE) },
  kubectl: KUBECTL,
  helm: HELM,
  terraform: TERRAFORM,
  tofu: TERRAFORM,
  systemctl: SYSTEMCTL,
};
