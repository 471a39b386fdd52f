import { withRules } from './check.ts';
import { openDesk } from './desk.ts';
import { openIdentity } from './identity.ts';
import { openRecord, recordLook } from './read-record.ts';
import { PROBLEMS } from '../govern/review.ts';
import { shownToPerson } from '../govern/shown-to-person.ts';
import type { Configuration } from './configuration.ts';
import type { Approval } from '../model/approval.ts';
import type { LoadedRules } from './rules.ts';
import type { ApprovalDesk, DeskProblem, DeskResult } from '../model/approval-desk.ts';
import type { LoadError } from '../model/load-error.ts';
import type { Principal } from '../model/principal.ts';

/** What one authenticated person may do with requests for approval. */
export interface DeskSession {
  readonly inbox: () => Promise<readonly Approval[]>;
  /** Grants of a shape that are in force and that this person could revoke. */
  readonly grants: () => Promise<readonly Approval[]>;
  readonly find: (id: string) => Promise<Approval | null>;
  readonly rule: (
    id: string,
    ruling: { readonly approve: boolean; readonly comment: string; readonly grantMs: number | null },
  ) => Promise<DeskResult>;
  readonly revoke: (id: string, comment: string) => Promise<DeskResult>;
  /** Resolves when there is something new, or after a minute. */
  readonly arrived: (signal: AbortSignal, known: readonly string[]) => Promise<void>;
  readonly render: {
    readonly list: (pending: readonly Approval[], grants: readonly Approval[]) => string;
    readonly one: (approval: Approval) => string;
    readonly problem: (problem: string) => string;
  };
}

export type WithDesk<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'errors'; readonly errors: readonly LoadError[] }
  | { readonly kind: 'stranger'; readonly failure: string };

/** Opens the desk on the gateway's own store, for the person whose token it is, and puts everything away again. */
export async function withDesk<T>(
  configuration: Configuration,
  token: string,
  work: (session: DeskSession) => Promise<T>,
): Promise<WithDesk<T>> {
  const store = await openRecord(configuration, false);
  const identity = await openIdentity(configuration, store, () => undefined);
  try {
    const identified = await identity.identifier.identify({ kind: 'bearer', token });
    if (!identified.ok) return { kind: 'stranger', failure: `${identified.failure}: ${identified.detail}` };
    const done = await withRules(configuration, async (rules, warnings) => {
      const desk = await openDesk(store, () => rules, configuration);
      const look = (id: string): Promise<void> =>
        recordLook(store, {
          by: identified.principal.id,
          issuer: identified.principal.issuer,
          how: 'command',
          what: 'approval',
          id,
        });
      const value = await work(session(desk, identified.principal, rules, look));
      return { ok: true, value, warnings };
    });
    return done.ok ? { kind: 'done', value: done.value } : { kind: 'errors', errors: done.errors };
  } finally {
    identity.identifier.close();
    await store.close();
  }
}

function session(
  desk: ApprovalDesk,
  person: Principal,
  rules: LoadedRules,
  look: (id: string) => Promise<void>,
): DeskSession {
  const unsignalled = new AbortController().signal;
  return {
    inbox: () => desk.inbox(person),
    grants: () => desk.grants(person),
    async find(id) {
      const approval = await desk.changed(id, 0, 0, unsignalled);
      if (approval === null) return null;
      const { requester } = approval.request;
      const own =
        requester.kind === person.kind && requester.issuer === person.issuer && requester.id === person.id;
      if (!own && !rules.policies.mayApprove(person, approval.request)) return null;
      await look(id);
      return approval;
    },
    rule: (id, ruling) =>
      desk.rule(id, person, {
        ...ruling,
        channel: 'cli',
        // Anybody who can read the key file can make a development token for anybody.
        assurance: person.credential.kind === 'jwt' ? 'high' : 'low',
      }),
    revoke: (id, comment) => desk.revoke(id, person, comment),
    arrived: (signal, known) => desk.arrived(person, 60_000, signal, known),
    render: { list, one, problem: (problem) => (isProblem(problem) ? PROBLEMS[problem] : problem) },
  };
}

function list(pending: readonly Approval[], grants: readonly Approval[]): string {
  const lines = pending.map(({ request }) => {
    const until = new Date(request.expiresAt).toISOString().slice(11, 16);
    const high = request.demands.some(({ assurance }) => assurance === 'high') ? ', high assurance' : '';
    return `${request.id}  ${request.requester.id}: ${request.tool} on ${request.connection} (${request.environment}), until ${until} UTC${high}\n    ${request.reason}\n`;
  });
  const running = grants.map(({ request, grantedUntil, uses }) => {
    const until = new Date(grantedUntil ?? 0).toISOString().slice(11, 16);
    return `${request.id}  granted to ${request.requester.id}: ${request.tool} on ${request.connection}, until ${until} UTC, used ${uses.length} times\n`;
  });
  if (lines.length + running.length === 0) return 'Nothing waits for you.\n';
  return [...lines, ...running].join('');
}

function one(approval: Approval): string {
  const { request, justification, verdicts, status, uses } = approval;
  return [
    `${request.id}  ${status}`,
    `Asked by ${request.requester.id} (${request.requester.issuer}), through ${request.client}`,
    `Held because: ${request.reason}`,
    shownToPerson(request, request.arguments),
    ...request.demands.map(
      ({ from, approvals, policy, assurance }) =>
        `Asks ${approvals} of ${from} for ${policy.id}${assurance === 'high' ? ', with high assurance' : ''}`,
    ),
    `Why they need it: ${justification ?? 'not said'}`,
    ...verdicts.map(
      ({ by, approve, channel, assurance, comment }) =>
        `${by.id} ${approve ? 'approved' : 'declined'} it (${channel}, assurance ${assurance})${comment === '' ? '' : `: ${comment}`}`,
    ),
    ...uses.map(({ call, at }) => `Used by ${call} at ${new Date(at).toISOString()}`),
    `Runs out at ${new Date(request.expiresAt).toISOString()}`,
    '',
  ].join('\n');
}

function isProblem(text: string): text is DeskProblem {
  return Object.hasOwn(PROBLEMS, text);
}
