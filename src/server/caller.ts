import type { AuthInfo } from '@modelcontextprotocol/server';
import type { Credential, Principal } from '../model/principal.ts';

/** Who sent the message being handled, and over what. Its credential was verified for this very message. */
export interface Caller {
  readonly credential: Credential;
  readonly principal: Principal;
  readonly transport: 'http' | 'stdio';
  readonly transportSession?: string;
  readonly remote?: string;
  /** W3C `traceparent` header. */
  readonly traceparent?: string;
  /** Aborted when the stream that would carry a question to the client is closed. */
  readonly gone?: AbortSignal;
}

const callers = new WeakMap<AuthInfo, Caller>();

/**
 * Carries a caller through the SDK, which hands the same object on to the handler. The object itself is a mere
 * ticket: the token stays out of it, so that nothing in the SDK can log or compare it.
 */
export function ticketFor(caller: Caller): AuthInfo {
  const ticket: AuthInfo = { token: '', clientId: caller.principal.id, scopes: [] };
  callers.set(ticket, caller);
  return ticket;
}

export function callerOf(ticket: AuthInfo | undefined): Caller {
  const caller = ticket === undefined ? undefined : callers.get(ticket);
  if (caller === undefined) throw new Error('a message reached its handler without a caller');
  return caller;
}

/** Two callers are the same principal if all of this is equal; ids are unique over all issuers, but trust is cheap to check. */
export function ownerKey(principal: Principal): string {
  return JSON.stringify([principal.kind, principal.issuer, principal.id]);
}
