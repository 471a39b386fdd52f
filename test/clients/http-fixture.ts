import { startHttp, type HttpFront, type HttpOptions } from '../../src/server/http.ts';
import { createFixtureGateway, type FixtureGateway, type FixtureOptions } from './fixture-gateway.ts';

export interface HttpFixture {
  readonly gateway: FixtureGateway;
  readonly front: HttpFront;
  readonly url: URL;
  readonly logs: string[];
}

export async function startFixture(
  gatewayOptions: FixtureOptions = {},
  httpOptions: Partial<HttpOptions> = {},
): Promise<HttpFixture> {
  const gateway = createFixtureGateway(gatewayOptions);
  const logs: string[] = [];
  const front = await startHttp({
    gateway,
    listen: { host: '127.0.0.1', port: 0 },
    publicUrl: 'http://127.0.0.1:8400',
    allowedHosts: ['mcp.example.com'],
    allowedOrigins: ['https://app.example.com'],
    maxBodyBytes: 100_000,
    metadata: { resource: 'http://127.0.0.1:8400/mcp', authorization_servers: ['https://idp.test'] },
    challenge: (failure) => `Bearer error="invalid_token", error_description="${failure}"`,
    sessionIdleMs: 60_000,
    log: (level, fields, message) => logs.push(`${level} ${message} ${JSON.stringify(fields)}`),
    ...httpOptions,
  });
  return { gateway, front, url: new URL(`${front.url}/mcp`), logs };
}

export const capabilities = { 'io.modelcontextprotocol/clientCapabilities': {} };

/** `_meta` of a plain 2026-07-28 request. */
export const envelope = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '0.1' },
  ...capabilities,
};

export const baseHeaders: Readonly<Record<string, string>> = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
  authorization: 'Bearer alice-token',
};

/** A complete 2026-07-28 `tools/call`, to be bent by the test. */
export function modernCall(name: string, args: object = {}, meta: object = {}, id: string | number = 7) {
  return {
    headers: {
      ...baseHeaders,
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': name,
    } as Record<string, string>,
    message: {
      jsonrpc: '2.0',
      id,
      method: 'tools/call',
      params: { name, arguments: args, _meta: { ...envelope, ...meta } } as Record<string, unknown>,
    } as Record<string, unknown>,
  };
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Messages of the body, whether JSON or events. */
  readonly messages: any[]; // eslint-disable-line typescript/no-explicit-any -- tests look into JSON of any shape
}

export async function send(
  url: URL | string,
  headers: Readonly<Record<string, string>>,
  body: unknown,
  method = 'POST',
): Promise<Reply> {
  const response = await fetch(url, {
    method,
    headers,
    ...(method === 'POST' ? { body: typeof body === 'string' ? body : JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, messages: messagesOf(response, text) };
}

function messagesOf(response: Response, text: string): unknown[] {
  const type = response.headers.get('content-type') ?? '';
  if (type.includes('application/json')) return [JSON.parse(text)];
  if (!type.includes('text/event-stream')) return [];
  return text
    .split('\n')
    .filter((line) => line.startsWith('data: '))
    .map((line) => JSON.parse(line.slice('data: '.length)));
}

/** Opens a 2025-era session and returns the headers that go with it. */
export async function openSession(
  url: URL,
  version = '2025-11-25',
  authorization = 'Bearer alice-token',
  clientCapabilities: object = {},
): Promise<Record<string, string>> {
  const headers = { ...baseHeaders, authorization };
  const opened = await send(url, headers, {
    jsonrpc: '2.0',
    id: 0,
    method: 'initialize',
    params: {
      protocolVersion: version,
      capabilities: clientCapabilities,
      clientInfo: { name: 'raw-2025', version: '0.2' },
    },
  });
  const session = opened.headers.get('mcp-session-id');
  if (session === null) throw new Error(`no session: ${opened.status} ${opened.text}`);
  const inSession = { ...headers, 'mcp-session-id': session, 'mcp-protocol-version': version };
  await send(url, inSession, { jsonrpc: '2.0', method: 'notifications/initialized' });
  return inSession;
}
