import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';
import type { Json } from '../../model/json.ts';
import type { Bound } from '../statement.ts';
import { float } from '../lossless-json.ts';

/** Integers are bound as integers: `node:sqlite` would bind every number as a float, and store 5 as 5.0. */
export function parameter(value: Bound): SQLInputValue {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  return value;
}

export function cell(value: SQLOutputValue | undefined): Json {
  if (value === undefined || value === null || typeof value === 'string') return value ?? null;
  if (typeof value === 'number') return float(value);
  if (typeof value === 'bigint')
    return value <= Number.MAX_SAFE_INTEGER && value >= Number.MIN_SAFE_INTEGER
      ? Number(value)
      : value.toString();
  return { base64: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64') };
}
