import { nearest } from './nearest.ts';

/** What the annotations of a policy say, checked. */
export interface Annotations {
  readonly id?: string;
  readonly reason?: string;
  readonly approval?: ApprovalTerms;
}

interface ApprovalTerms {
  /** A group, or `requester`. */
  readonly from: string;
  /** Distinct people. */
  readonly approvals: number;
  /** Milliseconds that a request stays open. */
  readonly expiresMs?: number;
  /** The longest time, in milliseconds, for which a reviewer may approve the shape of a statement. */
  readonly grantsMs?: number;
  /** Whether the requester's human is asked why. */
  readonly justify: boolean;
  /** Only people count who authenticated outside of every MCP client. */
  readonly assurance?: 'high';
}

export interface AnnotationProblem {
  /** The annotation it is about: the place in the file is where `@name` stands. */
  readonly name: string;
  readonly message: string;
  readonly suggestion?: string;
}

const OF_APPROVAL = ['approvals', 'expires', 'grants', 'justify', 'assurance'] as const;
const KNOWN: readonly string[] = ['id', 'reason', 'approval', ...OF_APPROVAL];

const ID = /^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,127}$/;
const MOST_APPROVALS = 10;
const LONGEST_MS = 30 * 86_400_000;

/**
 * Reads the annotations of one policy.
 *
 * @param raw as Cedar's JSON has them: null for an annotation without a value.
 * @param groups the known groups, for `@approval`.
 */
export function readAnnotations(
  raw: Readonly<Record<string, string | null>>,
  effect: 'permit' | 'forbid',
  groups: readonly string[],
): { readonly annotations: Annotations; readonly problems: readonly AnnotationProblem[] } {
  const problems: AnnotationProblem[] = [];
  const complain = (name: string, message: string, suggestion?: string): undefined => {
    problems.push({ name, message, ...(suggestion === undefined ? {} : { suggestion }) });
    return undefined;
  };

  for (const name of Object.keys(raw)) {
    if (KNOWN.includes(name)) continue;
    const near = nearest(name, KNOWN);
    const all = `the annotations are ${KNOWN.map((known) => `@${known}`).join(', ')}`;
    complain(name, `unknown annotation @${name}`, near === undefined ? all : `did you mean @${near}?`);
  }

  const text = (name: string): string | undefined => {
    if (!Object.hasOwn(raw, name)) return undefined;
    const value = raw[name]?.trim() ?? '';
    return value === '' ? complain(name, `@${name} needs a text`, `write @${name}("…")`) : value;
  };
  const duration = (name: string): number | undefined => {
    const value = text(name);
    if (value === undefined) return undefined;
    return (
      milliseconds(value) ??
      complain(
        name,
        `@${name}("${value}") is not a time of at most 30 days`,
        'write it as "90s", "30m", "8h" or "2d"',
      )
    );
  };

  const id = text('id');
  if (id !== undefined && !ID.test(id))
    complain('id', `@id("${id}") is not an id`, 'use letters, digits, and _ . : / - (at most 128)');
  const reason = text('reason');

  const from = text('approval');
  if (!Object.hasOwn(raw, 'approval')) {
    for (const name of OF_APPROVAL)
      if (Object.hasOwn(raw, name))
        complain(
          name,
          `@${name} says how a call is approved, and this policy has no @approval`,
          'add @approval("<group>")',
        );
  } else if (effect === 'permit')
    complain(
      'approval',
      '@approval stands on a permit: it is a forbid that holds a call',
      'write forbid … unless { context.approved }',
    );

  const approval = from === undefined ? undefined : readApproval(from);
  return {
    annotations: {
      ...(id === undefined ? {} : { id }),
      ...(reason === undefined ? {} : { reason }),
      ...(approval === undefined ? {} : { approval }),
    },
    problems,
  };

  function readApproval(asked: string): ApprovalTerms {
    if (asked !== 'requester' && !groups.includes(asked)) {
      const near = nearest(asked, ['requester', ...groups]);
      complain(
        'approval',
        `@approval("${asked}") names no known group`,
        near === undefined
          ? `the groups are ${list(groups)}; or "requester"`
          : `did you mean @approval("${near}")?`,
      );
    }
    const count = text('approvals');
    const approvals = count === undefined ? 1 : Number(count);
    if (!/^[0-9]+$/.test(count ?? '1') || approvals < 1 || approvals > MOST_APPROVALS)
      complain(
        'approvals',
        `@approvals("${count}") is not a number of people`,
        `write 1 to ${MOST_APPROVALS}`,
      );
    if (asked === 'requester' && approvals > 1)
      complain('approvals', '@approvals asks for several people, and @approval("requester") asks one');
    const assurance = text('assurance');
    if (assurance !== undefined && assurance !== 'high')
      complain(
        'assurance',
        `@assurance("${assurance}") is not known`,
        'write @assurance("high"), or leave it out where any channel counts',
      );
    const expiresMs = duration('expires');
    const grantsMs = duration('grants');
    return {
      from: asked,
      approvals,
      ...(expiresMs === undefined ? {} : { expiresMs }),
      ...(grantsMs === undefined ? {} : { grantsMs }),
      justify: Object.hasOwn(raw, 'justify'),
      ...(assurance === undefined ? {} : { assurance: 'high' }),
    };
  }
}

const UNITS = new Map([
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);

function milliseconds(text: string): number | undefined {
  const [, amount, unit] = /^([0-9]{1,7})([smhd])$/.exec(text) ?? [];
  const ms = Number(amount) * (UNITS.get(unit ?? '') ?? Number.NaN);
  return ms > 0 && ms <= LONGEST_MS ? ms : undefined;
}

function list(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.map((name) => `"${name}"`).join(', ');
}
