/** An identifier in front of one issuer, with a clock that a test can move. */
import { createIdentifier, type IdentifierOptions, type IdentityEvent } from '../../src/identity/identify.ts';
import { identitySchema, type IssuerOptions } from '../../src/identity/config.ts';
import type { Credential, Identified, IdentityFailure } from '../../src/model/principal.ts';

export const AUDIENCE = 'http://127.0.0.1:8400/mcp';

/** Issuer options as they come out of the configuration file. */
export function issuerOptions(yaml: Readonly<Record<string, unknown>>): IssuerOptions {
  const [issuer] = identitySchema.parse({ issuers: [yaml] }).issuers;
  if (issuer === undefined) throw new Error('no issuer');
  return issuer;
}

export interface TestClock {
  (): number;
  advance(ms: number): void;
}

/** Starts at the real time, so that tokens of a real provider are valid, and moves only when told. */
export function testClock(start = Date.now()): TestClock {
  let now = start;
  return Object.assign(() => now, {
    advance(ms: number) {
      now += ms;
    },
  });
}

export interface IdentityKit {
  readonly clock: TestClock;
  readonly events: readonly IdentityEvent[];
  bearer(token: string): Promise<Identified>;
  identify(credential: Credential): Identified | Promise<Identified>;
  close(): void;
}

export function identityKit(options: Partial<IdentifierOptions>, clock = testClock()): IdentityKit {
  const events: IdentityEvent[] = [];
  const identifier = createIdentifier({
    issuers: [],
    audience: AUDIENCE,
    local: null,
    devKeys: null,
    findApiKey: async () => null,
    jwksMaxAgeMs: 600_000,
    jwksStaleForMs: 3_600_000,
    clock,
    fetch,
    onEvent: (event) => events.push(event),
    ...options,
  });
  return {
    clock,
    events,
    bearer: async (token) => identifier.identify({ kind: 'bearer', token }),
    identify: (credential) => identifier.identify(credential),
    close: () => identifier.close(),
  };
}

/** Good claims of a token for this server, at the clock's time. */
export function goodClaims(issuer: string, clock: () => number): Record<string, unknown> {
  const seconds = Math.floor(clock() / 1000);
  return { iss: issuer, sub: 'alice', aud: AUDIENCE, iat: seconds, exp: seconds + 600, groups: ['support'] };
}

/** The failure, or the id of who was identified: made to be compared in one line. */
export function ending(identified: Identified): IdentityFailure | `is ${string}` {
  return identified.ok ? `is ${identified.principal.id}` : identified.failure;
}
