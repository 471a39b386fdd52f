import type { Json, JsonObject } from '../model/json.ts';
import type { StoredRecord } from '../model/record.ts';

/** A record of the period as reports read it: without its payload. */
export type PackRecord = Omit<StoredRecord, 'payload'>;

export function textOf(event: JsonObject, key: string): string | null {
  const value = event[key];
  return typeof value === 'string' ? value : null;
}

export function numberOf(event: JsonObject, key: string): number | null {
  const value = event[key];
  return typeof value === 'number' ? value : null;
}

export function booleanOf(event: JsonObject, key: string): boolean | null {
  const value = event[key];
  return typeof value === 'boolean' ? value : null;
}

export function textsOf(event: JsonObject, key: string): readonly string[] {
  const value = event[key];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

export function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

export function objectsOf(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** As people and spreadsheets read it: ISO 8601, UTC, milliseconds. */
export function utc(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? String(time) : date.toISOString();
}
