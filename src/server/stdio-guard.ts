import { isJSONRPCRequest, type JSONRPCMessage, type Transport } from '@modelcontextprotocol/server';
import type { Json } from '../model/json.ts';
import { faultMessage, isJsonObject, jsonFault } from './json.ts';
import { rpcCode } from './rpc.ts';

export interface GuardedTransport extends Transport {
  /** Resolves when the transport has closed, from either side. */
  readonly closed: Promise<void>;
}

/** Puts the checks of `json.ts`, which HTTP makes on every body, before whatever reads messages from a transport. */
export function guardedTransport(inner: Transport): GuardedTransport {
  let markClosed = (): void => undefined;
  const closed = new Promise<void>((resolve) => {
    markClosed = resolve;
  });
  const guarded: GuardedTransport = {
    closed,
    start: () => inner.start(),
    send: (message, options) => inner.send(message, options),
    close: () => inner.close(),
  };
  Object.assign(inner, {
    onclose: () => {
      guarded.onclose?.();
      markClosed();
    },
    onerror: (error: Error) => guarded.onerror?.(error),
    onmessage: (message: JSONRPCMessage) => {
      const fault = isJson(message) ? jsonFault(message) : null;
      if (fault === null) {
        guarded.onmessage?.(message);
        return;
      }
      if (!isJSONRPCRequest(message)) return;
      const error = { code: rpcCode.invalidParams, message: faultMessage(fault) };
      inner
        .send({ jsonrpc: '2.0', id: message.id, error })
        .catch((failure: unknown) =>
          guarded.onerror?.(failure instanceof Error ? failure : new Error('send failed')),
        );
    },
  });
  return guarded;
}

/** Messages were parsed from JSON by the transport. */
function isJson(message: unknown): message is Json {
  return isJsonObject(message) || Array.isArray(message);
}
