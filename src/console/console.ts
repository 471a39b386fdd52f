import type { IncomingMessage, ServerResponse } from 'node:http';
import { createCookies } from './cookie.ts';
import { createFlows } from './flow.ts';
import { createOidc, type OidcSettings } from './oidc.ts';
import { route, type Rooms } from './route.ts';
import { messagePage } from './message-page.ts';
import { page, send, type Reply } from './reply.ts';
import { createSessions } from './session.ts';
import type { SignIn } from './sign-in.ts';
import { POLICY } from './style.ts';
import type { Approval, ApprovalRequest } from '../model/approval.ts';
import type { ApprovalDesk } from '../model/approval-desk.ts';
import type { Log } from '../model/log.ts';
import type { Credential, Identified, Principal } from '../model/principal.ts';

export interface ConsoleOptions {
  readonly desk: ApprovalDesk;
  /** One request, by its id. */
  readonly find: (id: string) => Promise<Approval | null>;
  /** Requests that nobody can decide any more, and those that wait: the youngest first, at most a few hundred. */
  readonly recent: () => Promise<readonly Approval[]>;
  /** Whether policy lets this person approve this request now. */
  readonly mayApprove: (reviewer: Principal, request: ApprovalRequest) => boolean;
  /** Whether policy could ever let this person approve something. */
  readonly couldApprove: (reviewer: Principal) => boolean;
  /** As clients reach the server, without a slash at the end. */
  readonly publicUrl: string;
  /** The MCP endpoint: the audience of tokens. */
  readonly resource: string;
  /** Null: signing in is not configured. */
  readonly signIn: OidcSettings | null;
  /** Whether development tokens are accepted (`identity.dev`), and so may be pasted. */
  readonly devSignIn: boolean;
  /** Verifies a token, as everywhere in the gateway. */
  readonly identify: (credential: Credential) => Identified | Promise<Identified>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** So many random bytes, base64url. */
  readonly random: (bytes: number) => string;
  readonly log: Log;
  /** Puts a sign-in on record. Rejects where that can't be done, and then nobody is signed in. */
  readonly signedIn: SignIn['signedIn'];
  /** Puts on record that a person signed out. Rejects where that can't be done; they are signed out all the same. */
  readonly signedOut: (principal: Principal) => Promise<void>;
  /**
   * Puts on record, or counts, that a person looks at a request, or with null at the list of them. Rejects where that can't
   * be done: then nothing is shown.
   */
  readonly looked: (principal: Principal, approval: string | null, remote: string) => Promise<void>;
  /** Puts on record, or counts, that somebody was not let in. Never rejects. */
  readonly signInRefused: SignIn['refused'];
}

export interface Console {
  /** Answers a request for `/console` or below, whose Host was found to be ours. False: it is not below there. */
  handle(req: IncomingMessage, res: ServerResponse): Promise<boolean>;
}

/** The pages on which reviewers sign in and decide. Server-rendered; no script, nothing loaded from anywhere. */
export function createConsole(options: ConsoleOptions): Console {
  const { publicUrl, resource, signIn, now, random, log, identify } = options;
  const root = new URL(publicUrl).pathname.replace(/\/+$/, '');
  const redirectUri = `${publicUrl}/console/callback`;
  const rooms: Rooms = {
    options,
    signIn: {
      publicUrl,
      root,
      issuer: signIn?.issuer ?? null,
      oidc: signIn === null ? null : createOidc({ ...signIn, redirectUri, resource }),
      devSignIn: options.devSignIn,
      flows: createFlows(now, random),
      sessions: createSessions({ now, random }),
      cookies: createCookies(publicUrl),
      identify,
      now,
      random,
      log,
      signedIn: options.signedIn,
      refused: options.signInRefused,
    },
  };

  return {
    async handle(req, res) {
      const url = URL.parse(req.url ?? '', 'http://console.invalid');
      if (url === null || (url.pathname !== '/console' && !url.pathname.startsWith('/console/')))
        return false;
      let reply: Reply;
      try {
        reply = await route(rooms, req, url);
      } catch (error) {
        // The store, most likely. What was being written may or may not be on record: the person has to look.
        log('error', { error: error instanceof Error ? error.name : 'unknown' }, 'console page failed');
        const around = { root, viewer: null, now: now() };
        reply = page(503, messagePage(around, 'It did not work', UNKNOWN));
      }
      send(res, reply, POLICY);
      return true;
    },
  };
}

const UNKNOWN =
  'The server could not do that just now. If you were deciding, look at the request again to see whether your decision was taken.';
