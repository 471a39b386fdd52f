import { randomBytes } from 'node:crypto';
import { endpointOf } from './places.ts';
import { createConsole, type Console } from '../console/console.ts';
import type { Configuration } from './configuration.ts';
import type { LoadedRules } from './rules.ts';
import type { ApprovalDesk } from '../model/approval-desk.ts';
import type { DoorRefusal } from '../govern/gateway.ts';
import type { Log } from '../model/log.ts';
import type { Credential, Identified } from '../model/principal.ts';
import type { ReadLog } from '../sessions/read-log.ts';
import type { Store } from '../sessions/store.ts';

export interface PagesParts {
  readonly configuration: Configuration;
  readonly store: Store;
  readonly reads: ReadLog;
  readonly desk: ApprovalDesk;
  readonly rules: () => LoadedRules;
  readonly identify: (credential: Credential) => Identified | Promise<Identified>;
  readonly log: Log;
  readonly refused: (refusal: DoorRefusal) => Promise<void>;
}

const RECENT = 200;
/** Of a person's groups, on record: an entry has a bound. */
const MOST_GROUPS = 100;

/** The pages for reviewers, over the same desk, policies and identity as every other way to decide. */
export function openPages(parts: PagesParts): Console {
  const { configuration, store, reads, desk, rules, identify, log, refused } = parts;
  return createConsole({
    desk,
    find: (id) => store.approval(id),
    recent: () => store.approvals({ limit: RECENT }),
    mayApprove: (reviewer, request) => rules().policies.mayApprove(reviewer, request),
    couldApprove: (reviewer) => rules().policies.couldApprove(reviewer),
    publicUrl: configuration.server.publicUrl,
    resource: endpointOf(configuration),
    signIn: configuration.console,
    devSignIn: configuration.identity.dev.enabled,
    identify,
    now: Date.now,
    random: (bytes) => randomBytes(bytes).toString('base64url'),
    log,
    async signedIn({ id, issuer, groups, credential }, proof, remote) {
      const event = {
        principal: id,
        issuer,
        groups: groups.slice(0, MOST_GROUPS),
        proof,
        credential: { kind: credential.kind, id: credential.id },
        remote,
      };
      await store.append([
        { type: 'console.signed_in', time: Date.now(), session: null, call: null, event, payload: null },
      ]);
    },
    async signedOut({ id, issuer }) {
      const event = { principal: id, issuer };
      await store.append([
        { type: 'console.signed_out', time: Date.now(), session: null, call: null, event, payload: null },
      ]);
    },
    looked: ({ id: by, issuer }, approval, remote) =>
      reads.read({
        by,
        issuer,
        how: 'console',
        what: approval === null ? 'approvals' : 'approval',
        ...(approval === null ? {} : { id: approval }),
        remote,
      }),
    signInRefused: (detail, remote) =>
      refused({ failure: 'console_sign_in', detail, transport: 'http', remote }),
  });
}
