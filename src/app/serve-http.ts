import { openGateway, type OpenGateway } from './open.ts';
import { endpointOf } from './places.ts';
import { resourceMetadata, wwwAuthenticate } from '../identity/challenge.ts';
import { signDevToken } from '../identity/dev-tokens.ts';
import { startHttp } from '../server/http.ts';
import type { Configuration } from './configuration.ts';
import type { Loaded } from '../model/load-error.ts';

/** A gateway that listens. */
export interface Serving {
  /** The MCP endpoint, as clients are to be told. */
  readonly endpoint: string;
  readonly tools: number;
  /** One for each development user of the configuration. */
  readonly devTokens: readonly {
    readonly user: string;
    readonly groups: readonly string[];
    readonly token: string;
  }[];
  /** Finishes running calls, for at most `graceMs`, and lets go of everything. */
  readonly close: (reason: string, graceMs: number) => Promise<void>;
}

/** Development tokens are for an evening's work on one's own machine. Seconds. */
const DEV_TOKEN_TTL = 12 * 3600;

/** Opens the gateway and listens. A port that is taken, or a store that can't be opened, throws. */
export async function serveHttp(configuration: Configuration): Promise<Loaded<Serving>> {
  const opened = await openGateway(configuration);
  if (!opened.ok) return opened;
  const { gateway, pages, recordLog, log, drain, close, tools } = opened.value;
  const { server, identity } = configuration;
  const resource = endpointOf(configuration);
  try {
    const front = await startHttp({
      gateway,
      listen: server.listen,
      publicUrl: server.publicUrl,
      allowedHosts: server.allowedHosts,
      allowedOrigins: server.allowedOrigins,
      maxBodyBytes: server.maxBodyBytes,
      metadata: resourceMetadata({
        resource,
        name: 'Sallyport',
        // An issuer that is found through jwks_uri may be a bare name, which no client could follow.
        authorizationServers: identity.issuers
          .map(({ issuer }) => issuer)
          .filter((name) => URL.canParse(name)),
        scopes: [],
      }),
      challenge: (failure) => wwwAuthenticate(failure, resource),
      sessionIdleMs: server.sessionIdleMs,
      log,
      extra: (req, res) => pages.handle(req, res),
      recordLog,
    });
    log('info', { url: front.url, tools }, 'listening');
    const serving: Serving = {
      endpoint: resource,
      tools,
      devTokens: await devTokens(configuration, opened.value),
      async close(reason, graceMs) {
        log('info', { reason, graceMs }, 'stopping: running calls are finished');
        drain();
        await front.close(graceMs);
        await close(reason);
        log('info', { reason }, 'stopped');
      },
    };
    return { ok: true, value: serving, warnings: opened.warnings };
  } catch (error) {
    await close('could not listen');
    throw error;
  }
}

async function devTokens(configuration: Configuration, opened: OpenGateway): Promise<Serving['devTokens']> {
  const { devKeys } = opened;
  if (devKeys === null) return [];
  const audience = endpointOf(configuration);
  return await Promise.all(
    Object.entries(configuration.identity.dev.users).map(async ([user, groups]) => ({
      user,
      groups,
      token: await signDevToken({ user, groups, audience, ttlSeconds: DEV_TOKEN_TTL }, devKeys, Date.now()),
    })),
  );
}
