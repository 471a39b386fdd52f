/** A gateway whose people sign in with a real OpenID provider: agents with its tokens, reviewers on the console. */
import assert from 'node:assert/strict';
import { createVisitor, type Visitor } from '../console/browserless.ts';
import type { GatewayProcess } from '../support/gateway-process.ts';
import { startOpenIdProvider, type OpenIdProvider } from '../support/openid-provider.ts';
import { startHeld, type HeldOptions } from './held-gateway.ts';

export interface SignedInGateway {
  readonly gateway: GatewayProcess;
  readonly provider: OpenIdProvider;
  /** The token of a person's agent, or of their command line. */
  token(user: string): Promise<string>;
  /** A browser in which the person signed in, on the way to this page. */
  browser(user: string, page: string): Promise<Visitor>;
  close(): Promise<void>;
}

/** Whose name begins with `bob` or `dora` is a database administrator; everybody else works in support. */
const isDba = (user: string): boolean => /^(?:bob|dora)/.test(user);

export async function startSignedIn(options: HeldOptions): Promise<SignedInGateway> {
  const provider = await startOpenIdProvider();
  provider.roles = (user) => [isDba(user) ? 'dba' : 'support'];
  const config = (yaml: string): string =>
    yaml.replace(
      /identity:\n[\s\S]*?\nconnections:/,
      `identity:
  groups: [support, dba, audit, fraud]
  issuers:
    - issuer: ${provider.issuer}
      claims: { groups: realm_access.roles }
console:
  issuer: ${provider.issuer}
  client_id: console
connections:`,
    );
  const gateway = await startHeld({ ...options, config });
  const base = new URL(gateway.endpoint).origin;
  return {
    gateway,
    provider,
    token: async (user) => (await provider.signIn(user, gateway.endpoint)).accessToken,
    async browser(user, page) {
      const visitor = createVisitor(base);
      const { pathname } = new URL(page, base);
      const come = await visitor.signIn(`/console/sign-in?return=${encodeURIComponent(pathname)}`, user);
      assert.equal(come.status, 303, await come.text());
      return visitor;
    },
    async close() {
      await gateway.stop();
      await provider.close();
    },
  };
}

/** Fills in the form on the page of a request. */
export async function decideOn(
  visitor: Visitor,
  page: string,
  fields: Readonly<Record<string, string>> = { decision: 'approve' },
  act = 'decide',
): Promise<Response> {
  const { pathname } = new URL(page);
  return await visitor.post(`${pathname}/${act}`, { csrf: await visitor.csrf(pathname), ...fields });
}
