/** JSON as it is on the wire: what arguments, results and payloads are made of. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object. Keys that are absent and keys that are `undefined` are the same thing: absent. */
export interface JsonObject {
  readonly [key: string]: Json;
}
