import type { IncomingMessage } from 'node:http';
import type { Credential, Identified } from '../model/principal.ts';
import type { Cookie } from './cookie.ts';
import type { Viewer } from './layout.ts';
import type { ConsoleSessions } from './session.ts';
import type { ConsoleSession } from './session.ts';

export interface Visit {
  readonly viewer: Viewer;
  readonly session: ConsoleSession;
}

/**
 * Who is behind a request: the session's token is verified again each time, as at the MCP endpoint, so that whatever
 * ends it there (expiry, a key or an issuer that is gone) ends it here. Null where nobody is signed in.
 */
export async function visitorOf(
  req: IncomingMessage,
  cookie: Cookie,
  sessions: ConsoleSessions,
  identify: (credential: Credential) => Identified | Promise<Identified>,
): Promise<Visit | null> {
  const id = cookie.read(req.headers);
  const session = sessions.find(id);
  if (session === null) return null;
  const identified = await identify({ kind: 'bearer', token: session.token });
  if (!identified.ok || identified.principal.kind !== 'user') {
    sessions.end(id);
    return null;
  }
  const { csrf, proof } = session;
  return { session, viewer: { principal: identified.principal, csrf, proof } };
}
