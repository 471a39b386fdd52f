import type { Difference, Totals } from './replay.ts';
import type { Answered } from './recorded-call.ts';

/** Differences by what they have in common, for a person: a change of policy mostly says the same of many calls. */
export interface Report {
  add(difference: Difference): void;
  /** Markdown. */
  render(totals: Totals): string;
}

interface Group {
  readonly first: Difference;
  readonly calls: Difference[];
  count: number;
}

/** Agents name columns, and so can make as many groups as they like. */
const MOST_GROUPS = 500;
/** How many calls of a group are listed. */
const LISTED = 10;

/** @param show makes text of the record safe to print. */
export function createReport(show: (text: string) => string): Report {
  const groups = new Map<string, Group>();
  let leftOut = 0;

  /** As code, of which neither a backtick nor a bar can make something else. */
  const code = (text: string): string => `\`${show(text).replaceAll('`', "'").replaceAll('|', '\\|')}\``;

  function section({ first, calls, count }: Group): string {
    const rows = calls.map(
      ({ call, time, principal }) => `| ${code(call)} | ${moment(time)} | ${code(principal)} |\n`,
    );
    const rest = count > calls.length ? `\nand ${count - calls.length} more\n` : '';
    const heading = `${count} × ${code(first.tool)}: ${said(first, code)}`;
    return `### ${heading}\n\n| call | time (UTC) | principal |\n|---|---|---|\n${rows.join('')}${rest}`;
  }

  return {
    add(difference) {
      const key = keyOf(difference);
      const group = groups.get(key);
      if (group !== undefined) {
        group.count += 1;
        if (group.calls.length < LISTED) group.calls.push(difference);
      } else if (groups.size < MOST_GROUPS) {
        groups.set(key, { first: difference, calls: [difference], count: 1 });
      } else {
        leftOut += 1;
      }
    },
    render(totals) {
      const sorted = [...groups.values()].toSorted((a, b) => b.count - a.count);
      const sections = SECTIONS.flatMap(([kind, title]) => {
        const own = sorted.filter(({ first }) => first.kind === kind);
        return own.length === 0 ? [] : [`## ${title}\n`, ...own.map(section)];
      });
      const rest = leftOut === 0 ? [] : [`and ${leftOut} differences of other kinds: \`--json\` lists all\n`];
      return [summary(totals, code), ...sections, ...rest].join('\n');
    },
  };
}

const SECTIONS = [
  ['decision', 'Decided otherwise'],
  ['seen', 'Seen otherwise'],
  ['not_decidable', 'Not decidable from the record'],
] as const;

function keyOf(difference: Difference): string {
  const { kind, tool } = difference;
  switch (kind) {
    case 'decision': {
      const { before, after, newPolicies, gonePolicies, sameRules } = difference;
      return JSON.stringify([
        kind,
        tool,
        answer(before),
        answer(after),
        newPolicies,
        gonePolicies,
        sameRules,
      ]);
    }
    case 'seen': {
      const { change, class: of, path, why } = difference;
      return JSON.stringify([kind, tool, change, of, path, why]);
    }
    case 'not_decidable':
      return JSON.stringify([kind, tool, difference.reads]);
  }
}

function said(difference: Difference, code: (text: string) => string): string {
  const list = (ids: readonly string[]): string => ids.map(code).join(', ');
  switch (difference.kind) {
    case 'decision': {
      const { before, after, newPolicies, gonePolicies, sameRules } = difference;
      const more = [
        ...(newPolicies.length === 0 ? [] : [`now by ${list(newPolicies)}`]),
        ...(gonePolicies.length === 0 ? [] : [`no longer by ${list(gonePolicies)}`]),
        ...(sameRules ? ['under the very same rules'] : []),
      ];
      const how = more.length === 0 ? '' : `, ${more.join(', ')}`;
      return `${answer(before)} → ${answer(after)}${how}`;
    }
    case 'seen': {
      const { class: of, path, change, why } = difference;
      const where = path === '' ? '' : ` in ${code(path)}`;
      return `${code(of)}${where} ${CHANGES[change]}${why === '' ? '' : ` (${why})`}`;
    }
    case 'not_decidable':
      return `policies read ${list(difference.reads)}`;
  }
}

const CHANGES = {
  shown: 'would be shown',
  hidden: 'would not be shown any more',
  masked: 'would be masked, and was not found',
  less_masked: 'could be masked less',
} as const;

function answer({ effect, because, approved }: Answered): string {
  const what = because === null ? effect : `${effect} (${because})`;
  return approved ? `ask, then ${what}` : what;
}

function summary(totals: Totals, code: (text: string) => string): string {
  const { decided, same, changed, notDecidable, sameRules, sameRulesChanged, answers, seen } = totals;
  const elsewhere = Object.entries(totals.elsewhere).map(([cause, count]) => `${count} ${code(cause)}`);
  return [
    '# Replay\n\n',
    `- ${decided} calls decided again: ${same} the same, ${changed} otherwise, ${notDecidable} not decidable from the record\n`,
    `- ${sameRules} of them were decided by these very rules: ${sameRulesChanged} otherwise\n`,
    `- ${answers} answers looked at: ${seen} places would be seen otherwise\n`,
    ...(elsewhere.length === 0 ? [] : [`- not decided by policy: ${elsewhere.join(', ')}\n`]),
  ].join('');
}

/** A time that is out of range is in the record because somebody put it there: it must not stop the reading. */
function moment(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? 'invalid time' : date.toISOString().slice(0, 19).replace('T', ' ');
}
