/** The console behind the real HTTP front, with a real OpenID provider where people sign in. */
import { randomBytes } from 'node:crypto';
import { createConsole, type Console, type ConsoleOptions } from '../../src/console/console.ts';
import { loadDevKeys, signDevToken, type DevKeys } from '../../src/identity/dev-tokens.ts';
import { createIdentifier } from '../../src/identity/identify.ts';
import { startHttp } from '../../src/server/http.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { createFixtureGateway } from '../clients/fixture-gateway.ts';
import { issuerOptions, testClock, type TestClock } from '../support/identity-kit.ts';
import { startOpenIdProvider, type OpenIdProvider } from '../support/openid-provider.ts';
import { createMemoryDesk, type MemoryDesk } from './memory-desk.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface ConsoleFixture {
  readonly url: string;
  readonly memory: MemoryDesk;
  readonly provider: OpenIdProvider;
  readonly clock: TestClock;
  readonly logs: readonly { readonly message: string; readonly fields: JsonObject }[];
  /** What was put on record of signing in; of a refusal, why. */
  readonly signIns: readonly { readonly who: string | null; readonly proof: string }[];
  /** Who looked at which request, or with null at the list. */
  readonly looks: readonly { readonly who: string; readonly approval: string | null }[];
  devToken(user: string, groups: readonly string[]): Promise<string>;
  close(): Promise<void>;
}

export async function startConsole(
  change: (provider: OpenIdProvider) => Partial<ConsoleOptions> = () => ({}),
): Promise<ConsoleFixture> {
  const provider = await startOpenIdProvider();
  const options = change(provider);
  provider.roles = (user) => (user.startsWith('bob') ? ['dba'] : ['support']);
  const clock = testClock();
  const memory = createMemoryDesk(clock);
  const signIns: { who: string | null; proof: string }[] = [];
  const looks: { who: string; approval: string | null }[] = [];
  const logs: { message: string; fields: JsonObject }[] = [];
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-console-'));
  const devKeys: DevKeys = await loadDevKeys(join(folder, 'dev-key.json'));

  let pages: Console | undefined;
  const front = await startHttp({
    gateway: createFixtureGateway(),
    listen: { host: '127.0.0.1', port: 0 },
    publicUrl: 'http://127.0.0.1:8400',
    allowedHosts: [],
    allowedOrigins: [],
    maxBodyBytes: 100_000,
    metadata: {},
    challenge: () => 'Bearer',
    sessionIdleMs: 60_000,
    log: () => undefined,
    extra: async (req, res) => (pages === undefined ? false : await pages.handle(req, res)),
  });
  const resource = `${front.url}/mcp`;
  const identifier = createIdentifier({
    issuers: [issuerOptions({ issuer: provider.issuer, claims: { groups: 'realm_access.roles' } })],
    audience: resource,
    local: null,
    devKeys,
    findApiKey: async () => null,
    jwksMaxAgeMs: 600_000,
    jwksStaleForMs: 3_600_000,
    clock,
    fetch,
  });
  pages = createConsole({
    desk: memory.desk,
    find: memory.find,
    recent: memory.recent,
    mayApprove: memory.mayApprove,
    couldApprove: memory.couldApprove,
    publicUrl: front.url,
    resource,
    signIn: { issuer: provider.issuer, clientId: 'console', clientSecret: null, scopes: ['openid'] },
    devSignIn: true,
    identify: (credential) => identifier.identify(credential),
    now: clock,
    random: (bytes) => randomBytes(bytes).toString('base64url'),
    log: (_level, fields, message) => void logs.push({ message, fields }),
    async signedIn({ id }, proof) {
      if (memory.broken) throw new Error('the store is gone');
      signIns.push({ who: id, proof });
    },
    async signedOut({ id }) {
      signIns.push({ who: id, proof: 'signed out' });
    },
    async looked({ id }, approval) {
      if (memory.broken) throw new Error('the store is gone');
      looks.push({ who: id, approval });
    },
    async signInRefused(detail) {
      signIns.push({ who: null, proof: detail });
    },
    ...options,
  });
  return {
    url: front.url,
    memory,
    provider,
    clock,
    logs,
    signIns,
    looks,
    devToken: (user, groups) =>
      signDevToken({ user, groups, audience: resource, ttlSeconds: 12 * 3600 }, devKeys, clock()),
    async close() {
      await front.close(0);
      identifier.close();
      await provider.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
