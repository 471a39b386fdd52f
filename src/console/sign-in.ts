import type { IncomingMessage } from 'node:http';
import { fromOurPage, notFromElsewhere } from './same-origin.ts';
import { messagePage } from './message-page.ts';
import { signInPage } from './sign-in-page.ts';
import { FLOW_MS, type Flows } from './flow.ts';
import { goTo, page, type Reply } from './reply.ts';
import { ABSOLUTE, type ConsoleSession, type ConsoleSessions } from './session.ts';
import { returnPath } from './return-path.ts';
import type { Cookies } from './cookie.ts';
import type { Surroundings } from './layout.ts';
import type { Oidc } from './oidc.ts';
import type { Log } from '../model/log.ts';
import type { Credential, Identified, Principal } from '../model/principal.ts';

/** What signing in needs. */
export interface SignIn {
  readonly publicUrl: string;
  readonly root: string;
  readonly issuer: string | null;
  readonly oidc: Oidc | null;
  readonly devSignIn: boolean;
  readonly flows: Flows;
  readonly sessions: ConsoleSessions;
  readonly cookies: Cookies;
  readonly identify: (credential: Credential) => Identified | Promise<Identified>;
  readonly now: () => number;
  readonly random: (bytes: number) => string;
  readonly log: Log;
  /** Puts a sign-in on record. Rejects where that can't be done, and then nobody is signed in. */
  readonly signedIn: (principal: Principal, proof: ConsoleSession['proof'], remote: string) => Promise<void>;
  /** Puts on record, or counts, that somebody was not let in. Never rejects. */
  readonly refused: (detail: string, remote: string) => Promise<void>;
}

const FAILED = 'You are not signed in. Try again; if it goes on, ask the operator, whose log says why.';

export function offerSignIn(signIn: SignIn, returnTo: string, status: number, problem: string | null): Reply {
  const { oidc, devSignIn } = signIn;
  return page(
    status,
    signInPage(around(signIn), { oidc: oidc !== null, development: devSignIn, returnTo, problem }),
  );
}

/** GET /console/sign-in: on to the provider, with what ties its answer to this browser in a sealed cookie. */
export async function beginSignIn(
  signIn: SignIn,
  req: IncomingMessage,
  query: URLSearchParams,
): Promise<Reply> {
  const { oidc, flows, cookies, now, random, log } = signIn;
  const returnTo = returnPath(query.get('return'));
  // Another site may link here, but not sign a person in behind their back.
  if (oidc === null || !notFromElsewhere(req.headers)) return offerSignIn(signIn, returnTo, 200, null);
  const flow = {
    state: random(32),
    nonce: random(32),
    verifier: random(32),
    returnTo,
    until: now() + FLOW_MS,
  };
  const begun = await oidc.authorizationUrl(flow);
  if (begun.url === null) {
    log('error', { failure: 'provider_unreachable', detail: begun.detail }, 'console sign-in failed');
    return offerSignIn(
      signIn,
      returnTo,
      502,
      'The identity provider cannot be reached. Try again in a while.',
    );
  }
  return goTo(begun.url, [cookies.flow.set(flows.seal(flow), FLOW_MS)]);
}

/** GET /console/callback: the provider's answer, which counts once, in the browser that began. */
export async function endSignIn(
  signIn: SignIn,
  req: IncomingMessage,
  query: URLSearchParams,
): Promise<Reply> {
  const { oidc, flows, cookies } = signIn;
  const states = query.getAll('state');
  const flow = flows.take(cookies.flow.read(req.headers), states.length === 1 ? (states[0] ?? null) : null);
  if (oidc === null || flow === null) return await failed(signIn, req, 'unknown_state', '');
  const exchanged = await oidc.exchange(`?${query.toString()}`, flow);
  if (!exchanged.ok) return await failed(signIn, req, 'code_not_redeemed', exchanged.detail);
  return await admit(signIn, req, exchanged.accessToken, 'oidc', flow.returnTo);
}

/** POST /console/sign-in/development: a pasted token, where `identity.dev` is on. */
export async function developmentSignIn(
  signIn: SignIn,
  req: IncomingMessage,
  fields: URLSearchParams,
): Promise<Reply> {
  if (!signIn.devSignIn || !fromOurPage(req.headers, signIn.publicUrl)) {
    return await failed(signIn, req, 'cross_site', 'development');
  }
  const returnTo = returnPath(fields.get('return'));
  return await admit(signIn, req, (fields.get('token') ?? '').trim(), 'dev_token', returnTo);
}

async function admit(
  signIn: SignIn,
  req: IncomingMessage,
  token: string,
  proof: ConsoleSession['proof'],
  returnTo: string,
): Promise<Reply> {
  const { sessions, cookies, log, root } = signIn;
  const identified = await signIn.identify({ kind: 'bearer', token });
  if (!identified.ok) return await failed(signIn, req, identified.failure, identified.detail);
  const { principal } = identified;
  if (principal.kind !== 'user') return await failed(signIn, req, 'not_a_person', '');
  // A token for agents must not open the console where it is pasted, nor one that another issuer vouches for.
  const expected =
    proof === 'oidc' ? principal.issuer === signIn.issuer : principal.credential.kind === 'dev_token';
  if (!expected) return await failed(signIn, req, 'other_kind_of_token', principal.credential.kind);
  await signIn.signedIn(principal, proof, remoteOf(req));
  sessions.end(cookies.session.read(req.headers));
  const id = sessions.begin(`${principal.issuer}\n${principal.id}`, token, proof);
  log('info', { principal: principal.id, issuer: principal.issuer, proof }, 'console sign-in');
  return goTo(`${root}${returnTo}`, [cookies.session.set(id, ABSOLUTE), cookies.flow.clear()]);
}

async function failed(signIn: SignIn, req: IncomingMessage, failure: string, detail: string): Promise<Reply> {
  signIn.log('warn', { failure, detail }, 'console sign-in failed');
  await signIn.refused(detail === '' ? failure : `${failure}: ${detail}`, remoteOf(req));
  return {
    ...page(403, messagePage(around(signIn), 'Signing in did not work', FAILED)),
    cookies: [signIn.cookies.flow.clear()],
  };
}

export function remoteOf({ socket }: IncomingMessage): string {
  return socket.remoteAddress ?? 'unknown';
}

function around({ root, now }: SignIn): Surroundings {
  return { root, viewer: null, now: now() };
}
