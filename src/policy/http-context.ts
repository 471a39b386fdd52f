import { BOOL, LONG, STRING, STRINGS, record } from './context-type.ts';
import { withoutUrl, type HttpFacts } from '../model/facts.ts';
import type { JsonObject } from '../model/json.ts';

/** The type of `context.http`: every fact but the URL, which holds values. */
export const HTTP = record({
  method: STRING,
  writes: BOOL,
  scheme: STRING,
  host: STRING,
  port: LONG,
  address: STRING,
  path: STRING,
  segments: STRINGS,
  query: STRINGS,
  repeats: BOOL,
  userinfo: BOOL,
  fingerprint: STRING,
} satisfies Record<keyof Omit<HttpFacts, 'url'>, unknown>);

/** The facts that policies see. */
export function httpContext(facts: HttpFacts): JsonObject {
  return withoutUrl(facts);
}
