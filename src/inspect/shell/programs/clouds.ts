import { noteOptions, type Call, type Program } from '../call.ts';
import { hasHole, prefixOf, textOf, type Field } from '../field.ts';
import { checkValues } from '../subcommands.ts';
import { notUnderstood } from '../refusal.ts';
import { optionsOf, parseOptions, type ProgramSpec } from '../options.ts';
import { SOME, type Stream } from '../stream.ts';

const AWS: ProgramSpec = {
  options: optionsOf(
    '--version --region=text --profile=text --output=text --query=text --no-cli-pager --no-paginate --max-items=text --page-size=text --starting-token=text --color=text --instance-ids=text --filters=text --filter=text --log-group-name=text --log-group-name-prefix=text --log-stream-name=text --log-stream-name-prefix=text --since=text --follow --format=text --stack-name=text --cluster=text --clusters=text --service=text --services=text --service-name=text --tasks=text --task-definition=text --family-prefix=text --function-name=text --table-name=text --bucket=text --prefix=text --recursive --human-readable --summarize --db-instance-identifier=text --db-cluster-identifier=text --start-time=text --end-time=text --filter-pattern=text --limit=text --owners=text --image-ids=text --vpc-ids=text --subnet-ids=text --group-ids=text --group-names=text --volume-ids=text --snapshot-ids=text --names=text --name=text --load-balancer-arns=text --target-group-arn=text --auto-scaling-group-names=text --repository-name=text --repository-names=text --role-name=text --user-name=text --hosted-zone-id=text --queue-url=text --topic-arn=text --alarm-names=text --namespace=text --metric-name=text --include-all-instances --desired-status=text --resource-arn=text --instance-id=text --key-id=text',
  ),
  permutes: true,
  calm: 'none',
};

const AWS_LOOKS =
  /^(?:sts get-caller-identity|s3 ls|[a-z0-9-]+ (?:describe|list)-[a-z0-9-]+|logs (?:tail|filter-log-events)|ec2 get-console-output|configure list)$/;

const GCLOUD: ProgramSpec = {
  options: optionsOf(
    '--version -q --quiet --project=text --region=text --zone=text --zones=text --regions=text --location=text --cluster=text --format=text --filter=text --limit=text --page-size=text --sort-by=text --uri --account=text --service=text --instance=text --all --configuration=text --platform=text --flatten=text --show-deleted --global --no-user-output-enabled',
  ),
  permutes: true,
  calm: 'none',
};

const GCLOUD_LOOKS =
  /^(?:version|info|config (?:list|get|get-value)|config configurations (?:list|describe)|auth list|projects (?:list|describe)|services list|compute (?:instances|disks|networks|subnets|networks subnets|zones|regions|images|firewall-rules|addresses|snapshots|machine-types|instance-groups|instance-templates|routers|routes|forwarding-rules|backend-services|url-maps|health-checks) (?:list|describe)|container (?:clusters|node-pools|images|operations) (?:list|describe)|run (?:services|revisions|jobs) (?:list|describe)|sql (?:instances|databases|users|backups|operations) (?:list|describe)|functions (?:list|describe)|storage (?:ls|buckets list|buckets describe)|pubsub (?:topics|subscriptions) (?:list|describe)|app (?:services|versions|instances) (?:list|describe)|builds (?:list|describe)|dns (?:managed-zones|record-sets) list|iam (?:service-accounts|roles) (?:list|describe)|logging (?:logs|sinks) list|artifacts (?:repositories|packages|docker images) list|redis instances (?:list|describe))(?: [^ ]+){0,1}$/;

/** What names passwords, and what says who may read them. */
const SECRET = /secret|credential|token|password|get-login|ssm .*parameter|kms/;

/** The command line of a cloud: what looks is known, what else it does is not for here. */
function cloud(spec: ProgramSpec, looks: RegExp, words: number): Program {
  return (call) => {
    const parsed = parseOptions(call.name, call.args, spec);
    noteOptions(call, parsed);
    if (parsed.operands.length === 0 && parsed.has('--version')) return SOME;
    checkValues(call, parsed);
    const given = parsed.operands.slice(0, words).map((word) => textOf(word) ?? '…');
    for (const word of [
      ...parsed.operands,
      ...parsed.options.flatMap(({ value }) => (value === undefined ? [] : [value])),
    ])
      checkWord(call, word);
    return look(call, given.join(' '), looks, parsed.operands);
  };
}

/** Both read a value from a file or an address that is written like this, and send it. */
function checkWord(call: Call, word: Field): void {
  if (/^(?:fileb?|https?):|^@/i.test(prefixOf(word)))
    throw notUnderstood(`${call.name} is given a file or an address as a value.`);
  if (hasHole(word)) call.walk.findings.is('uploads');
}

function look(call: Call, given: string, looks: RegExp, operands: readonly Field[]): Stream {
  const { findings } = call.walk;
  if (!looks.test(given))
    throw notUnderstood(`${call.name} ${given} is not among the subcommands that are understood here.`);
  const [one = '', two = ''] = given.split(' ');
  findings.name('subcommands', `${call.name} ${one}`, `${call.name} ${one} ${two}`.trim());
  findings.is('network');
  findings.name('hosts', 'unknown');
  findings.readsFrom('remote');
  if (SECRET.test(operands.map((word) => textOf(word) ?? 'secret').join(' '))) findings.readsFrom('secret');
  return { fetched: true };
}

export const CLOUDS: readonly (readonly [string, Program])[] = [
  ['aws', cloud(AWS, AWS_LOOKS, 2)],
  ['gcloud', cloud(GCLOUD, GCLOUD_LOOKS, 5)],
];
