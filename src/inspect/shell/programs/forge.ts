import { chosen, checkValues, subcommandsOf } from '../subcommands.ts';
import { hasHole, textOf } from '../field.ts';
import { SOME } from '../stream.ts';
import type { Program } from '../call.ts';

const LISTS =
  '-L=text -s=text -a=text -A=text -l=text -S=text -H=text -B=text -b=text -d -m=text -u=text -w=text -e=text -c=text --limit=text --state=text --assignee=text --author=text --label=text --search=text --head=text --base=text --draft --milestone=text --mention=text --app=text --branch=text --commit=text --event=text --status=text --user=text --workflow=text --created=text --all --json=text -q=text --jq=text --sort=text --order=text --owner=text --repo=text --language=text --topic=text --visibility=text --archived --fork --source --no-archived --exclude-drafts --exclude-pre-releases --match=text --extension=text --filename=text --closed --archived=text --merged --checks=text --review=text --involves=text --format=text';

/** The command line of a forge: what reads is known, what else it does is its own. */
const GH = subcommandsOf<'reads'>('-R=text --repo=text --version', '-R=text --repo=text', [
  [
    'pr list,issue list,run list,repo list,release list,workflow list,label list,gist list,project list,search issues,search prs,search repos,search commits,search code',
    'reads',
    LISTS.replace('-w=text', '').replace('--repo=text', ''),
  ],
  ['pr view,issue view', 'reads', '-c --comments --json=text -q=text --jq=text'],
  ['pr diff', 'reads', '--name-only --patch --color=text'],
  [
    'pr checks',
    'reads',
    '-i=text --watch --fail-fast --required --interval=text --json=text -q=text --jq=text',
  ],
  ['pr status,issue status', 'reads', '-c --conflict-status --json=text -q=text --jq=text'],
  [
    'run view',
    'reads',
    '-v -j=text -a=text --log --log-failed --exit-status --verbose --job=text --attempt=text --json=text -q=text --jq=text',
  ],
  ['run watch', 'reads', '-i=text --interval=text --exit-status --compact'],
  [
    'repo view,release view,workflow view,gist view,project view',
    'reads',
    '-b=text -y -f=text -r --branch=text --yaml --ref=text --raw --files --filename=text --json=text -q=text --jq=text --owner=text --format=text',
  ],
]);

export const gh: Program = (call) => {
  const { findings } = call.walk;
  const given = chosen(call, call.args, GH);
  if (given === undefined) return SOME;
  checkValues(call, given.parsed);
  findings.is('network');
  findings.name('hosts', 'unknown');
  findings.readsFrom('remote');
  if (given.parsed.operands.some(hasHole)) findings.is('uploads');
  // A filter sees the environment.
  for (const filter of given.parsed.values('-q', '--jq'))
    if (/\benv\b|\$ENV|\$__/.test(textOf(filter) ?? 'env')) findings.readsFrom('environment');
  return { fetched: true };
};
