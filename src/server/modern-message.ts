import type { IncomingHttpHeaders } from 'node:http';
import { classifyInboundRequest } from '@modelcontextprotocol/server';
import type { Json, JsonObject } from '../model/json.ts';
import { declaredElicitation, type Elicitation } from './elicitation.ts';
import { header } from './headers.ts';
import { isJsonObject } from './json.ts';
import { declaresTasks } from './tasks-declared.ts';

export const modernVersion = '2026-07-28';

const metaKey = {
  version: 'io.modelcontextprotocol/protocolVersion',
  clientInfo: 'io.modelcontextprotocol/clientInfo',
  clientCapabilities: 'io.modelcontextprotocol/clientCapabilities',
  logLevel: 'io.modelcontextprotocol/logLevel',
} as const;

/** A `tools/call` of 2026-07-28 that passed every check of the revision. */
export interface ModernCall {
  readonly id: string | number;
  readonly name: string;
  readonly arguments: JsonObject;
  readonly meta: JsonObject;
  readonly clientInfo: JsonObject | undefined;
  readonly progressToken: string | number | undefined;
  readonly elicitation: Elicitation;
  /** Whether the client declares the Tasks extension. */
  readonly tasks: boolean;
}

/**
 * Reads a message as a `tools/call` of 2026-07-28 if it is one in every detail that the revision asks for, in the
 * plain form that clients send. Anything else, right or wrong, is `null` and goes to the SDK, which has the errors
 * and the rare forms: so this path can refuse nothing that the SDK would serve, nor serve what it would refuse.
 */
export function readModernCall(headers: IncomingHttpHeaders, message: Json): ModernCall | null {
  if (!isJsonObject(message) || message['method'] !== 'tools/call' || message['jsonrpc'] !== '2.0')
    return null;
  const { id, params } = message;
  if (!isId(id) || !isJsonObject(params) || !onlyKeys(message, messageKeys) || !onlyKeys(params, paramKeys))
    return null;
  const { name, arguments: args = {}, _meta: meta } = params;
  if (typeof name !== 'string' || !isJsonObject(args) || !isJsonObject(meta)) return null;
  if (meta[metaKey.version] !== modernVersion || versionHeader(headers, message) !== modernVersion)
    return null;
  if (header(headers, 'mcp-method') !== 'tools/call' || header(headers, 'mcp-name') !== name) return null;
  // A name that looks encoded is to be decoded before it is compared; the SDK does.
  if (name.startsWith('=?base64?')) return null;
  const progressToken = meta['progressToken'];
  if (progressToken !== undefined && !isId(progressToken)) return null;
  // Progress tokens apart, `_meta` may carry more that has a form: related tasks.
  if ('io.modelcontextprotocol/related-task' in meta) return null;
  if (!knownEnvelope(meta)) return null;
  const clientInfo = meta[metaKey.clientInfo];
  return {
    id,
    name,
    arguments: args,
    meta,
    clientInfo: isJsonObject(clientInfo) ? clientInfo : undefined,
    progressToken,
    elicitation: declaredElicitation(meta[metaKey.clientCapabilities], modernVersion),
    tasks: declaresTasks(meta[metaKey.clientCapabilities]),
  };
}

const messageKeys = new Set(['jsonrpc', 'id', 'method', 'params']);
const paramKeys = new Set(['name', 'arguments', '_meta']);

function onlyKeys(object: JsonObject, allowed: ReadonlySet<string>): boolean {
  for (const key in object) if (!allowed.has(key)) return false;
  return true;
}

function isId(value: Json | undefined): value is string | number {
  return typeof value === 'string' || (typeof value === 'number' && Number.isSafeInteger(value));
}

/**
 * The `MCP-Protocol-Version` that counts. claude.ai's connectors negotiate 2026-07-28 and then send the header of
 * 2025-11-25 with the body of 2026-07-28 (anthropics/claude-code#93290): under the letter of the revision every call
 * of theirs is a header mismatch. The rule exists because something on the way may have decided on the headers; an
 * older version in the header tells it not to (it names a revision without that check), and this server decides on
 * the body alone. So that one pair is read as the body says, with every other header still compared; all other
 * disagreements are refused.
 */
export function versionHeader(headers: IncomingHttpHeaders, message: Json): string | undefined {
  const sent = header(headers, 'mcp-protocol-version');
  if (sent !== '2025-11-25' || !isJsonObject(message)) return sent;
  const params = message['params'];
  const meta = isJsonObject(params) ? params['_meta'] : undefined;
  return isJsonObject(meta) && meta[metaKey.version] === modernVersion ? modernVersion : sent;
}

const known = new Set<string>();
const maxKnown = 256;
const maxKnownLength = 2048;

/**
 * Whether the client's description of itself has the form of the revision. It is the same in all messages of a
 * client, so the SDK's verdict on it is remembered (15 µs otherwise), for a bounded number of clients.
 */
function knownEnvelope(meta: JsonObject): boolean {
  const described: Record<string, Json> = {};
  for (const name of [metaKey.clientCapabilities, metaKey.clientInfo, metaKey.logLevel]) {
    const value = meta[name];
    if (value !== undefined) described[name] = value;
  }
  const key = JSON.stringify(described);
  if (known.has(key)) return true;
  const verdict = classifyInboundRequest({
    httpMethod: 'POST',
    protocolVersionHeader: modernVersion,
    body: {
      jsonrpc: '2.0',
      id: 0,
      method: 'tools/call',
      params: { _meta: { ...described, [metaKey.version]: modernVersion } },
    },
  });
  if (verdict.kind !== 'modern') return false;
  if (known.size >= maxKnown) known.clear();
  if (key.length <= maxKnownLength) known.add(key);
  return true;
}
