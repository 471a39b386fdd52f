import type { Algorithm } from './algorithms.ts';
import type { FetchedKeys } from './fetch-keys.ts';
import type { VerificationKey } from './key-set.ts';
import { refuse, type Refusal } from './refusal.ts';

/** The keys that may have signed a token: usually one. */
export type KeyLookup = { readonly ok: true; readonly keys: readonly VerificationKey[] } | Refusal;

export interface IssuerKeys {
  /** The issuer's keys for this algorithm and key id. A promise only where the issuer has to be asked first. */
  find(algorithm: Algorithm, kid: string | null): KeyLookup | Promise<KeyLookup>;
  /** Whether a key that verified a token before still stands for its issuer. */
  holds(fingerprint: string): boolean;
}

/** How long an issuer's keys are good for. All in milliseconds. */
export interface KeyLifetimes {
  /** A key that the issuer took down is refused at most this long after, while the issuer can be reached. */
  readonly maxAgeMs: number;
  /** While it can't be reached, known keys go on working until this long after the last time it could. */
  readonly staleForMs: number;
  /** Between two fetches because of unknown key ids, which anybody can make up. */
  readonly cooldownMs: number;
  /** Between two fetches after one that failed. */
  readonly retryMs: number;
}

export interface IssuerKeysOptions extends KeyLifetimes {
  readonly issuer: string;
  /** Never rejects. */
  readonly fetchKeys: () => Promise<FetchedKeys>;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly onRefreshFailed: (detail: string) => void;
}

/** Keys that never change: those of development tokens. */
export function createFixedKeys(keys: readonly VerificationKey[]): IssuerKeys {
  return {
    find: (algorithm, kid) => lookUp(keys, algorithm, kid),
    holds: (fingerprint) => keys.some((key) => key.fingerprint === fingerprint),
  };
}

/**
 * Keys of an issuer that rotates them. They are fetched when first needed, again in the background at half their
 * age, and at once for an unknown key id: no timer runs, and only the first call after a long silence waits.
 */
export function createIssuerKeys(options: IssuerKeysOptions): IssuerKeys {
  const { clock, maxAgeMs, staleForMs, cooldownMs, retryMs } = options;
  let keys: readonly VerificationKey[] = [];
  let fetchedAt: number | null = null;
  let attemptedAt: number | null = null;
  let failed = false;
  let running: Promise<void> | null = null;

  /** A clock that was set back must not make keys young again, so the distance counts, not the direction. */
  const since = (time: number | null): number =>
    time === null ? Number.POSITIVE_INFINITY : Math.abs(clock() - time);

  const usable = (): boolean => since(fetchedAt) <= (failed ? staleForMs : maxAgeMs);

  const refresh = async (): Promise<void> => {
    const fetched = await options.fetchKeys();
    failed = !fetched.ok;
    if (fetched.ok) {
      keys = fetched.keys;
      fetchedAt = clock();
    } else {
      options.onRefreshFailed(fetched.detail);
    }
  };

  /** The fetch that is under way, or a new one if it is time for one; null where the issuer must be left alone. */
  const attempt = (): Promise<void> | null => {
    if (running !== null) return running;
    if (since(attemptedAt) < (failed ? retryMs : cooldownMs)) return null;
    attemptedAt = clock();
    running = refresh().finally(() => {
      running = null;
    });
    return running;
  };

  const refreshAhead = (): void => {
    if (since(fetchedAt) > maxAgeMs / 2) void attempt();
  };

  const settle = (algorithm: Algorithm, kid: string | null): KeyLookup => {
    if (!usable()) return unavailable(options.issuer);
    const found = lookUp(keys, algorithm, kid);
    // A key that is unknown while the issuer can't be asked may well be its newest: that is not the caller's fault.
    return !found.ok && found.failure === 'unknown_key' && failed ? unavailable(options.issuer) : found;
  };

  return {
    find(algorithm, kid) {
      if (usable()) {
        refreshAhead();
        const found = lookUp(keys, algorithm, kid);
        if (found.ok) return found;
      }
      const asked = attempt();
      return asked === null ? settle(algorithm, kid) : asked.then(() => settle(algorithm, kid));
    },
    holds(fingerprint) {
      if (!usable()) return false;
      refreshAhead();
      return keys.some((key) => key.fingerprint === fingerprint);
    },
  };
}

function unavailable(issuer: string): Refusal {
  return refuse('keys_unavailable', `The keys of ${issuer} can't be fetched at the moment.`);
}

function lookUp(keys: readonly VerificationKey[], algorithm: Algorithm, kid: string | null): KeyLookup {
  const named = kid === null ? keys : keys.filter((key) => key.kid === kid);
  const fitting = named.filter((key) => key.algorithms.includes(algorithm));
  if (kid === null && fitting.length > 1) {
    return refuse('unknown_key', 'The token does not say which of several keys signed it.');
  }
  if (fitting.length > 0) return { ok: true, keys: fitting };
  if (kid !== null && named.length > 0) {
    return refuse('algorithm_not_allowed', 'The key that the token names is for another algorithm.');
  }
  return refuse('unknown_key', 'The issuer publishes no such key.');
}
