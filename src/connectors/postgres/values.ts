import type { Json } from '../../model/json.ts';
import { float, integer, losslessJson } from '../lossless-json.ts';

/** Object ids of the types whose text is read as something other than text. They are fixed in PostgreSQL's catalog. */
const OID = {
  bool: 16,
  bytea: 17,
  int8: 20,
  int2: 21,
  int4: 23,
  oid: 26,
  json: 114,
  float4: 700,
  float8: 701,
  jsonb: 3802,
} as const;

/**
 * Turns a cell from the server's text into JSON. Everything not named here stays as the server prints it: numeric,
 * dates and times with their microseconds and offset, intervals, arrays, ranges, the types of extensions.
 */
export function cell(text: string | null, oid: number): Json {
  if (text === null) return null;
  switch (oid) {
    case OID.bool:
      return text === 't';
    case OID.int2:
    case OID.int4:
    case OID.int8:
    case OID.oid:
      return integer(text);
    case OID.float4:
    case OID.float8:
      return float(Number(text));
    case OID.json:
    case OID.jsonb:
      return losslessJson(text);
    case OID.bytea:
      // `bytea_output` is set to hex for the transaction: \x00ff
      return { base64: Buffer.from(text.slice(2), 'hex').toString('base64') };
    default:
      return text;
  }
}

/** Names of the common types, which need no look-up in the catalog. */
export const commonTypes: ReadonlyMap<number, string> = new Map([
  [OID.bool, 'bool'],
  [OID.bytea, 'bytea'],
  [19, 'name'],
  [OID.int8, 'int8'],
  [OID.int2, 'int2'],
  [OID.int4, 'int4'],
  [25, 'text'],
  [OID.oid, 'oid'],
  [OID.json, 'json'],
  [OID.float4, 'float4'],
  [OID.float8, 'float8'],
  [1000, '_bool'],
  [1007, '_int4'],
  [1009, '_text'],
  [1016, '_int8'],
  [1042, 'bpchar'],
  [1043, 'varchar'],
  [1082, 'date'],
  [1083, 'time'],
  [1114, 'timestamp'],
  [1184, 'timestamptz'],
  [1186, 'interval'],
  [1700, 'numeric'],
  [2950, 'uuid'],
  [OID.jsonb, 'jsonb'],
]);
