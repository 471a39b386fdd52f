import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Principal } from '../model/principal.ts';

/**
 * What an `input_required` gives the client to bring back. It is in the hands of an attacker from then on: signed, so
 * that it can't be made or changed; bound to the principal and to one approval; and replayed it does nothing, because
 * what a verdict does is decided by the approval in the store.
 */
export interface OpenedState {
  readonly purpose: Purpose;
  readonly approval: string;
  /** Approvals that the reviewer put off in this round of reviewing. */
  readonly later: readonly string[];
}

/**
 * `justify`, `approve`: what the requester is asked by form. `review`: a reviewer, by form. `visit`, `review_visit`: the
 * same people were given a link, and whatever content comes back with that is nobody's decision.
 */
export type Purpose = (typeof PURPOSES)[number];

const PURPOSES = ['justify', 'approve', 'visit', 'review', 'review_visit'] as const;

export interface RequestState {
  seal(state: OpenedState, principal: Principal, now: number): string;
  /** Null for anything that this gateway did not seal for this principal within the last day. */
  open(text: string, principal: Principal, now: number): OpenedState | null;
}

const sealed = z.strictObject({
  purpose: z.enum(PURPOSES),
  approval: z.string(),
  later: z.array(z.string()).max(1000),
  who: z.string(),
  until: z.number(),
});

const LIFETIME = 24 * 3600 * 1000;
const MAX_LENGTH = 64 * 1024;

/** @param key 32 random bytes that all gateways on one store share. */
export function createRequestState(key: Uint8Array): RequestState {
  const sign = (body: string): Buffer =>
    createHmac('sha256', key).update(`sallyport-state-v1.${body}`).digest();
  return {
    seal(state, principal, now) {
      const content = { ...state, who: whoIs(principal), until: now + LIFETIME };
      const body = Buffer.from(JSON.stringify(content)).toString('base64url');
      return `${body}.${sign(body).toString('base64url')}`;
    },
    open(text, principal, now) {
      if (text.length > MAX_LENGTH) return null;
      const [body = '', mac = '', ...rest] = text.split('.');
      const given = Buffer.from(mac, 'base64url');
      const wanted = sign(body);
      if (rest.length > 0 || given.length !== wanted.length || !timingSafeEqual(given, wanted)) return null;
      const { who, until, ...state } = sealed.parse(
        JSON.parse(Buffer.from(body, 'base64url').toString('utf8')),
      );
      return who === whoIs(principal) && now <= until ? state : null;
    },
  };
}

function whoIs({ kind, issuer, id }: Principal): string {
  return JSON.stringify([kind, issuer, id]);
}
