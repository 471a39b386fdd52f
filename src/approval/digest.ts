import { createHmac } from 'node:crypto';
import { canonicalJson, type CanonicalOptions } from '../model/canonical-json.ts';
import type { ToolCall } from '../model/tool-call.ts';

/** Every call has a name: arguments hold fractions, and two different lone surrogates must not become the same text. */
export const EVERY_VALUE: CanonicalOptions = { numbers: 'any', lone: 'escape' };

/**
 * Names an act: HMAC-SHA-256, hex, over who does it, with which tool, on which connection, and with which arguments.
 * What the tool does with them is part of it, so that an approval does not outlive an edit of the skill. A keyed hash,
 * because a plain one of arguments with few possible values could be guessed by whoever reads the record.
 */
export function digestOf(call: ToolCall, key: Uint8Array): string {
  const { principal, tool } = call;
  const act = {
    requester: [principal.kind, principal.issuer, principal.id],
    tool: tool.name,
    connection: tool.connection.name,
    does:
      'statement' in tool.action
        ? { dialect: tool.action.dialect, statement: tool.action.statement.text }
        : { dialect: tool.action.dialect, from: tool.action.from },
    arguments: call.arguments,
  };
  return createHmac('sha256', key).update(canonicalJson(act, EVERY_VALUE)).digest('hex');
}
