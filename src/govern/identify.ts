import type { Received, Refusal } from './received.ts';
import type { Stations } from './stations.ts';
import type { Principal } from '../model/principal.ts';

/**
 * Who is calling, asked afresh at every call: a session that was opened with a token which has expired or was
 * revoked since carries nothing in.
 */
export async function identify(
  received: Received,
  stations: Stations,
): Promise<{ readonly ok: true; readonly principal: Principal } | Refusal> {
  if (!stations.accepting())
    return {
      ok: false,
      cause: 'shutting_down',
      reason: 'The gateway is shutting down. Call again in a moment.',
    };
  const identified = await stations.identify(received.request.credential);
  if (identified.ok) return identified;
  return {
    ok: false,
    cause: 'unidentified',
    reason: 'The caller could not be identified. Sign in again and repeat the call.',
    detail: `${identified.failure}: ${identified.detail}`,
  };
}
