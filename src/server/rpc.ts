import type { Json, JsonObject } from '../model/json.ts';
import { isJsonObject } from './json.ts';

/** JSON-RPC 2.0 error codes, and those that MCP 2026-07-28 adds (`basic/index`, "Error Codes"). */
export const rpcCode = {
  parseError: -32700,
  invalidRequest: -32600,
  invalidParams: -32602,
  internalError: -32603,
  missingClientCapability: -32021,
} as const;

export interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: JsonObject;
}

export type RpcId = string | number | null;

/** The id to put on an error: that of the one request in the message, or null where there is none. */
export function idOf(message: Json): RpcId {
  if (!isJsonObject(message) || typeof message['method'] !== 'string') return null;
  const id = message['id'];
  return typeof id === 'string' || typeof id === 'number' ? id : null;
}

export function errorBody(id: RpcId, error: RpcError): string {
  return JSON.stringify({ jsonrpc: '2.0', id, error });
}
