import { textOf } from '../field.ts';
import { notUnderstood } from '../refusal.ts';
import type { Program } from '../call.ts';

/** The command line of a forge: what reads is known, what else it does is its own. */
export const gh: Program = ({ args, walk }) => {
  const words = args.map((arg) => textOf(arg));
  const [noun = '', verb = ''] = words;
  walk.findings.name('subcommands', `gh ${noun} ${verb}`.trim());
  walk.findings.is('network');
  walk.findings.name('hosts', 'unknown');
  const reads =
    /^(?:pr|issue|repo|run|release|workflow|label|gist|search|project)$/.test(noun) &&
    /^(?:list|view|status|diff|checks|watch|issues|prs|repos|commits|code)$/.test(verb);
  if (!reads)
    throw notUnderstood(`gh ${noun} ${verb} is not among the subcommands that are understood here.`);
  if (words.some((word) => word === undefined || /^(?:-w|--web)$/.test(word)))
    throw notUnderstood('gh opens a browser.');
  walk.findings.readsFrom('remote');
  return { fetched: true };
};
