import type { InputAsk } from '../model/answer.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { CallOrigin } from '../model/tool-call.ts';
import { isJsonObject } from './json.ts';

/** Which kinds of question a client takes. */
export type Elicitation = CallOrigin['elicitation'];

export const noElicitation: Elicitation = { form: false, url: false };

/**
 * What a client declares, by the rules of the revision that is spoken: before 2025-06-18 there is no elicitation, in
 * 2025-06-18 there are only forms, and from 2025-11-25 on the modes are named, where naming none means forms.
 *
 * @param capabilities the client's `capabilities` as it sent them
 * @param protocolVersion empty where none was negotiated: then nobody is asked
 */
export function declaredElicitation(capabilities: unknown, protocolVersion: string): Elicitation {
  const declared = isJsonObject(capabilities) ? capabilities['elicitation'] : undefined;
  if (!isJsonObject(declared) || protocolVersion < '2025-06-18') return noElicitation;
  if (protocolVersion < '2025-11-25') return { form: true, url: false };
  const url = declared['url'] !== undefined;
  return { form: declared['form'] !== undefined || !url, url };
}

/** `params` of `elicitation/create`, apart from the `elicitationId` that 2025-11-25 alone asks for. */
export type ElicitationParams =
  | { readonly mode?: 'form'; readonly message: string; readonly requestedSchema: JsonObject }
  | { readonly mode: 'url'; readonly message: string; readonly url: string };

export function elicitationParams(ask: InputAsk, protocolVersion: string): ElicitationParams {
  const { mode, message } = ask;
  if (mode === 'url') return { mode, message, url: ask.url };
  // 2025-06-18 knows neither `mode` nor titled choices other than `enumNames`, which later revisions deprecate.
  if (protocolVersion < '2025-11-25') return { message, requestedSchema: ask.schema };
  return { mode, message, requestedSchema: withTitledChoices(ask.schema) };
}

function withTitledChoices(schema: JsonObject): JsonObject {
  const { properties } = schema;
  if (!isJsonObject(properties)) return schema;
  const titled = Object.entries(properties).map(
    ([name, property]) => [name, titledChoice(property)] as const,
  );
  return { ...schema, properties: Object.fromEntries(titled) };
}

function titledChoice(property: Json): Json {
  if (!isJsonObject(property)) return property;
  const { enum: values, enumNames: names, ...rest } = property;
  if (!isList(values) || !isList(names) || values.length !== names.length) return property;
  return { ...rest, oneOf: values.map((value, index) => ({ const: value, title: names[index] ?? value })) };
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}
