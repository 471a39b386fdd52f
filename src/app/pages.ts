import { randomBytes } from 'node:crypto';
import { endpointOf } from './places.ts';
import { createConsole, type Console } from '../console/console.ts';
import type { Configuration } from './configuration.ts';
import type { LoadedRules } from './rules.ts';
import type { ApprovalDesk } from '../model/approval-desk.ts';
import type { Log } from '../model/log.ts';
import type { Credential, Identified } from '../model/principal.ts';
import type { Store } from '../sessions/store.ts';

export interface PagesParts {
  readonly configuration: Configuration;
  readonly store: Store;
  readonly desk: ApprovalDesk;
  readonly rules: () => LoadedRules;
  readonly identify: (credential: Credential) => Identified | Promise<Identified>;
  readonly log: Log;
}

const RECENT = 200;

/** The pages for reviewers, over the same desk, policies and identity as every other way to decide. */
export function openPages({ configuration, store, desk, rules, identify, log }: PagesParts): Console {
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
  });
}
