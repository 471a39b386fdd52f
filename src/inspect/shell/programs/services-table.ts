import { COMPOSE, COMPOSE_OPTIONS, DOCKER, NEVER, type Service, type ServiceDoes } from './docker-table.ts';
import { subcommandsOf } from '../subcommands.ts';

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
