import type { Json } from '../../model/json.ts';
import { float, losslessJson } from '../lossless-json.ts';

/** The part of the driver's column definition that is read here. */
export interface Field {
  readonly name: string;
  readonly columnType?: number | undefined;
  readonly characterSet?: number | undefined;
  readonly extendedFormat?: string | undefined;
  readonly extendedTypeName?: string | undefined;
}

/** Column types of the protocol (MySQL "Column Type"); a server sends no others. */
const TYPES: Readonly<Record<number, string>> = {
  0: 'decimal',
  1: 'tinyint',
  2: 'smallint',
  3: 'int',
  4: 'float',
  5: 'double',
  6: 'null',
  7: 'timestamp',
  8: 'bigint',
  9: 'mediumint',
  10: 'date',
  11: 'time',
  12: 'datetime',
  13: 'year',
  14: 'date',
  15: 'varchar',
  16: 'bit',
  242: 'vector',
  245: 'json',
  246: 'decimal',
  247: 'enum',
  248: 'set',
  249: 'tinyblob',
  250: 'mediumblob',
  251: 'longblob',
  252: 'blob',
  253: 'varchar',
  254: 'char',
  255: 'geometry',
};
const FLOAT = 4;
const BIT = 16;
const JSON_TYPE = 245;
/** The character set that says "no characters". */
const BINARY = 63;

export function typeName(field: Field): string {
  if (isJson(field)) return 'json';
  const name = TYPES[field.columnType ?? -1] ?? 'unknown';
  if (field.extendedTypeName !== undefined && field.extendedTypeName !== '')
    return field.extendedTypeName.toLowerCase();
  const binary = field.characterSet === BINARY;
  if (name.endsWith('blob') && !binary) return name.replace('blob', 'text');
  if (binary && name === 'varchar') return 'varbinary';
  if (binary && name === 'char') return 'binary';
  return name;
}

/**
 * Turns a cell as the driver reads it into JSON. The driver is set up to give integers beyond 2^53, decimals, dates and
 * JSON as strings; what has no character set arrives as bytes.
 */
export function cell(value: unknown, field: Field | undefined): Json {
  if (value === null || value === undefined) return null;
  if (Buffer.isBuffer(value))
    return field?.columnType === BIT ? bits(value) : { base64: value.toString('base64') };
  if (typeof value === 'string') return field !== undefined && isJson(field) ? losslessJson(value) : value;
  if (typeof value === 'number') return float(field?.columnType === FLOAT ? shortest(value) : value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'boolean') return value;
  return losslessJson(JSON.stringify(value));
}

function isJson(field: Field): boolean {
  return field.columnType === JSON_TYPE || field.extendedFormat === 'json';
}

function bits(bytes: Buffer): number | string {
  const value = BigInt(`0x${bytes.toString('hex') || '0'}`);
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value.toString();
}

/** The shortest decimal that is the same single-precision number: `0.1`, not `0.10000000149011612`. */
function shortest(value: number): number {
  for (let digits = 6; digits < 9; digits += 1) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}
