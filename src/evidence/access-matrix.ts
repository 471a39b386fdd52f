import type { Person } from './csv/people.ts';
import type { Row } from './csv/line.ts';
import type { RuleVersion } from './rule-versions.ts';

/** Says who could call what under a set of rules; null where the record does not have what it takes to say so. */
export type AccessReader = (
  version: RuleVersion,
  people: readonly AccessSubject[],
) => Promise<readonly AccessRow[] | null>;

export interface AccessSubject {
  readonly principal: string;
  readonly issuer: string;
  readonly kind: string;
  readonly groups: readonly string[];
}

export interface AccessRow {
  readonly subject: AccessSubject;
  readonly tool: string;
  readonly skill: string;
  readonly connection: string;
  readonly environment: string;
  /** False only where no call of the tool could ever be permitted, whatever its arguments, approved or not. */
  readonly could: boolean;
}

export const ACCESS_COLUMNS: readonly (readonly [name: string, meaning: string])[] = [
  ['principal', 'who acted in the period'],
  ['issuer', 'who vouches for the principal'],
  ['kind', 'user or service'],
  ['groups', 'of the first (at the start) or last session (at the end) in the period, separated by spaces'],
  ['tool', 'name of the tool'],
  ['skill', 'whose tool it is'],
  ['connection', 'where it acts'],
  ['environment', 'of the connection'],
  [
    'access',
    'possible: some call could be permitted, if need be after approval; never: none could, whatever its arguments',
  ],
  ['rules', 'digest of the rules that this was computed from'],
];

/** Of principals whose groups are known: those with a session that was opened in the period. */
export async function accessMatrix(
  read: AccessReader,
  version: RuleVersion | null,
  people: ReadonlyMap<string, Person>,
  at: 'start' | 'end',
): Promise<readonly Row[]> {
  if (version === null || version.sources === null) return [];
  const subjects = [...people]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, { principal, issuer, kind, firstGroups, lastGroups }]) => {
      const groups = at === 'start' ? firstGroups : lastGroups;
      return groups === null ? [] : [{ principal, issuer, kind, groups }];
    });
  const rows = (await read(version, subjects)) ?? [];
  return rows.map(({ subject, tool, skill, connection, environment, could }) => [
    subject.principal,
    subject.issuer,
    subject.kind,
    subject.groups.join(' '),
    tool,
    skill,
    connection,
    environment,
    could ? 'possible' : 'never',
    version.rules,
  ]);
}
