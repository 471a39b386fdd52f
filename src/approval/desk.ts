import { createBell } from './bell.ts';
import { countsFor } from './demands.ts';
import { digestOf } from './digest.ts';
import { createFiling } from './filing.ts';
import { samePerson } from './person.ts';
import * as transitions from './transitions.ts';
import type { DeskStore } from './desk-store.ts';
import type { DeskMask } from './new-request.ts';
import type { Transition } from './transitions.ts';
import {
  lacksJustification,
  type Approval,
  type ApprovalId,
  type ApprovalRequest,
  type ApprovalStatus,
} from '../model/approval.ts';
import type { ApprovalDesk, DeskResult } from '../model/approval-desk.ts';
import type { Principal } from '../model/principal.ts';

export interface ApprovalDeskOptions {
  readonly store: DeskStore;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly newId: () => ApprovalId;
  readonly mask: DeskMask;
  /** What policy says, now. */
  readonly mayApprove: (reviewer: Principal, request: ApprovalRequest) => boolean;
  /** 32 random bytes that belong to the store: every process on it must have the same. */
  readonly digestKey: Uint8Array;
  readonly defaults?: Partial<ApprovalDefaults>;
}

interface ApprovalDefaults {
  /** How long a request waits where no policy says: 30 minutes unless told. */
  readonly expiresMs: number;
  /** How often the store is asked what other processes did: every 250 ms unless told. */
  readonly pollMs: number;
  /** How many pending requests one requester may have: 50 unless told. */
  readonly mostPending: number;
}

/** How often a change that was overtaken is tried again on what is there then. */
const ATTEMPTS = 10;

/** Of what people write. */
const MAX_WORDS = 1_000;

const PAGE = 1_000;

export function createApprovalDesk(options: ApprovalDeskOptions): ApprovalDesk {
  const { store, clock, mask, mayApprove, digestKey } = options;
  const { expiresMs = 30 * 60_000, pollMs = 250, mostPending = 50 } = options.defaults ?? {};
  const bell = createBell();
  const filing = createFiling({
    ...options,
    expiresMs,
    mostPending,
    onChange: bell.ring,
    attempts: ATTEMPTS,
  });
  const { current, write } = filing;

  const words = (text: string): string => mask.text(text.slice(0, MAX_WORDS));

  /** One step on what is there now; again where somebody else was faster. */
  async function change(id: string, next: (approval: Approval) => Transition): Promise<DeskResult> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const approval = await read(id);
      if (approval === null) return { ok: false, problem: 'not_found' };
      const transition = next(approval);
      if (!transition.ok) return transition;
      if (await write(approval, transition)) return { ok: true, approval: transition.approval };
    }
    throw new Error(`${id} was changed by others ${ATTEMPTS} times in a row`);
  }

  async function read(id: string): Promise<Approval | null> {
    const approval = await store.approval(id);
    return approval === null ? null : await current(approval);
  }

  /** All of them, however many: who floods the inbox with requests must not hide those of others behind them. */
  async function list(status: ApprovalStatus): Promise<readonly Approval[]> {
    const found: Approval[] = [];
    for (let before: Approval | undefined; ; before = found.at(-1)) {
      const page = await store.approvals({
        status: [status],
        ...(before === undefined ? {} : { before: placeOf(before) }),
        limit: PAGE,
      });
      found.push(...page);
      if (page.length < PAGE) break;
    }
    const now = await Promise.all(found.map(current));
    return now.filter((approval) => approval.status === status);
  }

  function mayRule(reviewer: Principal, approval: Approval): boolean {
    const { request, verdicts } = approval;
    if (reviewer.kind !== 'user' || verdicts.some(({ by }) => samePerson(by, reviewer))) return false;
    if (lacksJustification(approval)) return false;
    // Membership first: it is cheap, and most of what waits asks somebody else.
    if (!request.demands.some((demand) => countsFor(demand, request, reviewer, true))) return false;
    const may = mayApprove(reviewer, request);
    return request.demands.some((demand) => countsFor(demand, request, reviewer, may));
  }

  async function inbox(reviewer: Principal): Promise<readonly Approval[]> {
    if (reviewer.kind !== 'user') return [];
    return (await list('pending')).filter((approval) => mayRule(reviewer, approval)).toReversed();
  }

  return {
    find: filing.find,
    request: filing.request,
    inbox,

    async asked({ request }, channel, whom) {
      const { id, session, call } = request;
      const event = { approval: id, channel, whom: whom.slice(0, 256) };
      await store.append([{ type: 'approval.asked', time: clock(), session, call, event, payload: null }]);
    },

    justify: (id, by, text) =>
      change(id, (approval) => transitions.justify(approval, by, words(text), clock())),

    rule: (id, reviewer, ruling) =>
      change(id, (approval) => {
        const may = reviewer.kind === 'user' && mayApprove(reviewer, approval.request);
        const said = { ...ruling, comment: words(ruling.comment) };
        return transitions.rule(approval, reviewer, said, may, clock());
      }),

    revoke: (id, by, comment) =>
      change(id, (approval) => {
        const may = mayApprove(by, approval.request);
        return transitions.revoke(approval, by, words(comment), may, clock());
      }),

    async grants(by) {
      return (await list('approved')).filter((approval) =>
        transitions.mayRevoke(approval, by, mayApprove(by, approval.request)),
      );
    },

    async changed(id, version, withinMs, signal) {
      let last: Approval | null = null;
      let gone = false;
      await bell.until(
        async () => {
          last = await read(id);
          gone = last === null;
          return gone || last?.version !== version ? true : null;
        },
        { withinMs, pollMs },
        signal,
      );
      return last;
    },

    async arrived(reviewer, withinMs, signal, known) {
      const ids = new Set<string>(known ?? (await inbox(reviewer)).map(({ request }) => request.id));
      const find = async (): Promise<true | null> =>
        (await inbox(reviewer)).some(({ request }) => !ids.has(request.id)) ? true : null;
      await bell.until(find, { withinMs, pollMs }, signal);
    },

    spend(approval, call, at) {
      const { request } = approval;
      const same =
        samePerson(request.requester, call.principal) &&
        request.tool === call.tool.name &&
        request.connection === call.tool.connection.name &&
        (approval.grantedUntil !== null || request.digest === digestOf(call, digestKey));
      const transition = transitions.spend(approval, call, at);
      if (same && transition.ok) {
        const { approval: next, record } = transition;
        return { change: { kind: 'replace', from: approval.version, approval: next }, record };
      }
      // Versions count from 1, so there is nothing that this could replace.
      const never: Approval = { ...approval, version: 1 };
      const event = { approval: request.id };
      return {
        change: { kind: 'replace', from: 0, approval: never },
        record: {
          type: 'approval.used',
          time: at,
          session: call.session,
          call: call.id,
          event,
          payload: null,
        },
      };
    },
  };
}

function placeOf({ request: { createdAt, id } }: Approval): {
  readonly createdAt: number;
  readonly id: string;
} {
  return { createdAt, id };
}
