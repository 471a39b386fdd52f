import { createCipheriv, createDecipheriv } from 'node:crypto';

/** A sign-in that is under way. It lies, sealed, in the browser that began it: nothing here grows with strangers. */
export interface Flow {
  readonly state: string;
  readonly nonce: string;
  /** PKCE (RFC 7636). */
  readonly verifier: string;
  readonly returnTo: string;
  /** Epoch milliseconds. */
  readonly until: number;
}

export interface Flows {
  seal(flow: Flow): string;
  /** The flow of this browser, if it is ours, in time, begun with this `state`, and was not ended before. Ends it. */
  take(sealed: string | null, state: string | null): Flow | null;
}

export const FLOW_MS = 10 * 60_000;
const MOST_TAKEN = 10_000;

/** `random` gives so many random bytes, base64url. The key lives as long as the process. */
export function createFlows(now: () => number, random: (bytes: number) => string): Flows {
  const key = Buffer.from(random(32), 'base64url');
  const taken = new Map<string, number>();

  function open(sealed: string): Flow | null {
    const bytes = Buffer.from(sealed, 'base64url');
    if (bytes.length < 29) return null;
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 });
    decipher.setAuthTag(bytes.subarray(12, 28));
    try {
      const text = Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
      const flow: unknown = JSON.parse(text);
      return isFlow(flow) ? flow : null;
    } catch {
      // Not sealed by this process: forged, or from before a restart. Either way there is no such sign-in.
      return null;
    }
  }

  return {
    seal(flow) {
      const iv = Buffer.from(random(12), 'base64url');
      const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: 16 });
      const body = Buffer.concat([cipher.update(JSON.stringify(flow), 'utf8'), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url');
    },
    take(sealed, state) {
      const flow = sealed === null ? null : open(sealed);
      if (flow === null || flow.state !== state || flow.until <= now() || taken.has(flow.state)) return null;
      for (const [old, until] of taken) {
        if (until > now() && taken.size < MOST_TAKEN) break;
        taken.delete(old);
      }
      taken.set(flow.state, flow.until);
      return flow;
    },
  };
}

function isFlow(value: unknown): value is Flow {
  if (typeof value !== 'object' || value === null) return false;
  return (
    ['state', 'nonce', 'verifier', 'returnTo'].every(
      (name) => typeof Reflect.get(value, name) === 'string',
    ) && typeof Reflect.get(value, 'until') === 'number'
  );
}
