import { tokenIn } from '../masking/strategies.ts';
import type { Received, Refusal } from './received.ts';
import type { Stations } from './stations.ts';
import type { JsonObject } from '../model/json.ts';
import type { PermittedCall, ToolCall } from '../model/tool-call.ts';

/** The arguments as the connector will bind them. */
export interface Revealed {
  readonly ok: true;
  readonly bound: JsonObject;
  readonly revealed: PermittedCall['revealed'];
}

/**
 * Turns tokens back into values in the arguments for which the tool declares it, where policy permits it for the class. What is
 * no token is bound as it is. A token of another class, session or key is refused, for it was made up or carried here.
 */
export function reveal(call: ToolCall, received: Received, stations: Stations): Revealed | Refusal {
  const { tool, principal, session } = call;
  const tokens = tokensOf(call);
  if (tokens.length === 0) return { ok: true, bound: call.arguments, revealed: {} };
  const { policies, masking } = received.rules;
  const permitted = policies.revealed(principal, tool);
  const pseudonyms = stations.pseudonyms(masking.pseudonymsWithin === 'session' ? session : 'store');
  const revealed: Record<string, { readonly class: string; readonly value: string }> = {};
  for (const { argument, dataClass, token } of tokens) {
    const refuse = (cause: Refusal['cause'], reason: string): Refusal => ({
      ok: false,
      cause,
      reason,
      principal,
      session,
    });
    if (token.class !== dataClass)
      return refuse('invalid_arguments', `${argument} takes tokens of ${dataClass}, and this is none.`);
    if (!permitted.has(dataClass))
      return refuse('default_deny', `No policy permits that tokens of ${dataClass} are turned back here.`);
    const value = pseudonyms.open(dataClass, token.sealed);
    if (value === null)
      return refuse(
        'invalid_arguments',
        `The token in ${argument} is not one of this ${masking.pseudonymsWithin}. Read the value again and use its new token.`,
      );
    revealed[argument] = { class: dataClass, value };
  }
  const values = Object.entries(revealed).map(([argument, { value }]): [string, string] => [argument, value]);
  return { ok: true, bound: { ...call.arguments, ...Object.fromEntries(values) }, revealed };
}

interface TokenGiven {
  readonly argument: string;
  /** The class whose tokens the argument takes. */
  readonly dataClass: string;
  readonly token: { readonly class: string; readonly sealed: string };
}

/** The tokens in the arguments for which the tool declares that it takes some. */
export function tokensOf({ tool, arguments: args }: ToolCall): readonly TokenGiven[] {
  return Object.entries(tool.reveals).flatMap(([argument, dataClass]) => {
    const given = Object.hasOwn(args, argument) ? args[argument] : undefined;
    const token = typeof given === 'string' ? tokenIn(given.trim()) : null;
    return token === null ? [] : [{ argument, dataClass, token }];
  });
}
