import type { IncomingMessage } from 'node:http';
import { decideRequest, justifyRequest, revokeRequest } from './decide.ts';
import { readForm } from './form.ts';
import { inboxPage } from './inbox-page.ts';
import { messagePage } from './message-page.ts';
import { requestPage } from './request-page.ts';
import { goTo, page, type Reply } from './reply.ts';
import { returnPath } from './return-path.ts';
import { fromOurPage } from './same-origin.ts';
import { carriesToken } from './session.ts';
import { beginSignIn, developmentSignIn, endSignIn, offerSignIn, remoteOf, type SignIn } from './sign-in.ts';
import { mayLook, samePerson } from './visible.ts';
import { visitorOf, type Visit } from './visitor.ts';
import type { ConsoleOptions } from './console.ts';
import type { Surroundings, Viewer } from './layout.ts';
import { lacksJustification, type Approval } from '../model/approval.ts';

export interface Rooms {
  readonly options: ConsoleOptions;
  readonly signIn: SignIn;
}

const REQUEST = /^\/console\/approvals\/(apr_[0-9a-f-]{1,64})(?:\/(decide|justify|revoke))?$/;
const SUBMITTED = new Map([
  ['decide', decideRequest],
  ['justify', justifyRequest],
  ['revoke', revokeRequest],
]);
const MOST_DECIDED = 20;

/** Every path of the console, and who may come there. A GET changes nothing but the browser's own sign-in. */
export async function route(rooms: Rooms, req: IncomingMessage, url: URL): Promise<Reply> {
  const { signIn } = rooms;
  const { pathname: path, searchParams: query } = url;
  const [, id, act] = REQUEST.exec(path) ?? [];
  const posts = act !== undefined || path === '/console/sign-out' || path === '/console/sign-in/development';
  const { method } = req;
  if (posts ? method !== 'POST' : method !== 'GET' && method !== 'HEAD') return notThisWay(rooms, posts);

  if (path === '/console' || path === '/console/') return goTo(`${signIn.root}/console/approvals`);
  if (path === '/console/sign-in') return await beginSignIn(signIn, req, query);
  if (path === '/console/callback') return await endSignIn(signIn, req, query);
  if (posts) return await submit(rooms, req, path, id, act);
  if (path !== '/console/approvals' && id === undefined) return notFound(around(rooms, null));

  const visit = await visitor(rooms, req);
  if (visit === null) return offerSignIn(signIn, returnPath(path), 200, null);
  const { viewer } = visit;
  const found = id === undefined ? undefined : await look(rooms, viewer, id);
  if (found === null) return notFound(around(rooms, viewer));
  await rooms.options.looked(viewer.principal, found?.request.id ?? null, remoteOf(req));
  return found === undefined
    ? await inbox(rooms, viewer, query.get('watch') === '1')
    : await requested(rooms, viewer, found);
}

async function submit(
  rooms: Rooms,
  req: IncomingMessage,
  path: string,
  id: string | undefined,
  act: string | undefined,
): Promise<Reply> {
  const { options, signIn } = rooms;
  const form = await readForm(req);
  const nobody = around(rooms, null);
  if (!form.ok)
    return page(form.status, messagePage(nobody, 'Not understood', 'That is no form of this page.'));
  if (path === '/console/sign-in/development') return await developmentSignIn(signIn, req, form.fields);

  const visit = await visitor(rooms, req);
  if (visit === null) {
    const returnTo = id === undefined ? '/console/approvals' : `/console/approvals/${id}`;
    const problem = 'Your sign-in has ended, and nothing was decided. Sign in again.';
    return offerSignIn(signIn, returnTo, 403, problem);
  }
  const { viewer, session } = visit;
  const here = around(rooms, viewer);
  if (!fromOurPage(req.headers, options.publicUrl) || !carriesToken(session, form.fields.get('csrf'))) {
    options.log('warn', { principal: viewer.principal.id, path }, 'console form from elsewhere');
    const text = 'The form did not come from a page of this server for this sign-in. Nothing was decided.';
    return page(403, messagePage(here, 'Not taken', text));
  }
  if (id === undefined) return await signOut(rooms, req, viewer);
  const approval = await look(rooms, viewer, id);
  if (approval === null) return notFound(here);
  const { desk } = options;
  const submitted = SUBMITTED.get(act ?? '');
  return submitted === undefined
    ? notFound(here)
    : await submitted(desk, here, viewer, approval, form.fields);
}

async function signOut({ signIn, options }: Rooms, req: IncomingMessage, viewer: Viewer): Promise<Reply> {
  const { sessions, cookies, root } = signIn;
  sessions.end(cookies.session.read(req.headers));
  await options.signedOut(viewer.principal);
  return goTo(`${root}/console/approvals`, [cookies.session.clear()]);
}

async function inbox(rooms: Rooms, viewer: Viewer, watching: boolean): Promise<Reply> {
  const { desk, recent, couldApprove, mayApprove, now } = rooms.options;
  const { principal } = viewer;
  const [pending, grants, all] = await Promise.all([desk.inbox(principal), desk.grants(principal), recent()]);
  const shown = new Set([...pending, ...grants].map(({ request }) => request.id));
  const rest = all.filter((one) => !shown.has(one.request.id) && mayLook(principal, one, mayApprove));
  const live = (one: Approval): boolean => one.status === 'pending' && one.request.expiresAt > now();
  const own = (one: Approval): boolean => samePerson(one.request.requester, principal);
  return page(
    200,
    inboxPage(around(rooms, viewer), viewer, {
      reviewer: couldApprove(principal),
      pending,
      grants,
      own: rest.filter((one) => live(one) && own(one)),
      unjustified: rest.filter((one) => live(one) && !own(one) && lacksJustification(one)),
      decided: rest.filter((one) => one.status !== 'pending').slice(0, MOST_DECIDED),
      watching,
    }),
  );
}

async function requested(rooms: Rooms, viewer: Viewer, approval: Approval): Promise<Reply> {
  const { desk, mayApprove } = rooms.options;
  const { status } = approval;
  const { id } = approval.request;
  const { principal } = viewer;
  const pending = status === 'pending' ? await desk.inbox(principal) : [];
  const allowed = {
    rule: pending.some((waiting) => waiting.request.id === id),
    justify:
      status === 'pending' &&
      lacksJustification(approval) &&
      samePerson(principal, approval.request.requester),
    revoke:
      (status === 'pending' || status === 'approved') &&
      (samePerson(principal, approval.request.requester) ||
        (status === 'approved' && mayApprove(principal, approval.request))),
  };
  return page(200, requestPage(around(rooms, viewer), viewer, approval, allowed));
}

/** Null also where there is one that this person may not see: nobody learns which ids exist. */
async function look({ options }: Rooms, viewer: Viewer, id: string): Promise<Approval | null> {
  const approval = await options.find(id);
  return approval !== null && mayLook(viewer.principal, approval, options.mayApprove) ? approval : null;
}

async function visitor({ options, signIn }: Rooms, req: IncomingMessage): Promise<Visit | null> {
  return await visitorOf(req, signIn.cookies.session, signIn.sessions, options.identify);
}

function around({ signIn }: Rooms, viewer: Viewer | null): Surroundings {
  return { root: signIn.root, viewer, now: signIn.now() };
}

function notFound(here: Surroundings): Reply {
  return page(
    404,
    messagePage(here, 'No such page', 'There is no page or request of this name that you may see.'),
  );
}

function notThisWay(rooms: Rooms, posts: boolean): Reply {
  const text = posts ? 'This address takes a form only.' : 'This address is for reading only.';
  return {
    ...page(405, messagePage(around(rooms, null), 'Not this way', text)),
    allow: posts ? 'POST' : 'GET, HEAD',
  };
}
