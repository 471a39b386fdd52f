import { hash } from 'node:crypto';
import { MASKING_FILE, type LoadedRules, type RuleFile, type Surroundings } from './rules.ts';
import { maskSources } from '../masking/mask.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { Masked } from '../model/result.ts';
import type { Connection } from '../model/tool.ts';

/** Characters of all files together. What is more than people write is named by digest and not kept. */
const MAX_CHARACTERS = 4 * 1024 * 1024;

/**
 * What is kept of rules that come into force: their files, and what they were loaded with, so that who could do what under
 * them can be said later, and by others.
 */
export function sourcesOf({ files, surroundings, masking }: LoadedRules): Masked<Json> {
  const size = [...files.values()].reduce((sum, text) => sum + text.length, 0);
  const kept = [...files].map(([path, text]) => ({ path, sha256: hash('sha256', text), text }));
  const about = {
    connections: [...surroundings.connections.values()].map(({ name, kind, environment }) => ({
      name,
      kind,
      environment,
    })),
    groups: [...surroundings.groups],
  };
  return maskSources(
    size > MAX_CHARACTERS ? kept.map((file) => ({ ...file, text: null })) : kept,
    about,
    masking,
  );
}

export interface RuleSources {
  readonly skills: readonly RuleFile[];
  readonly cedar: readonly RuleFile[];
  readonly masking: RuleFile | null;
  readonly surroundings: Surroundings;
}

/** Null where a text was not kept. What was masked in one is masked: whether it still says the same is for the caller to see. */
export function readSources(payload: JsonObject): RuleSources | null {
  const files: RuleFile[] = [];
  for (const { path, text } of objectsIn(payload['files'])) {
    if (typeof path !== 'string' || typeof text !== 'string') return null;
    files.push({ path, text });
  }
  const connections = objectsIn(payload['connections']).flatMap(connectionIn);
  const { groups } = payload;
  if (!Array.isArray(groups)) return null;
  const policies = files.filter(({ path }) => path.startsWith('policies/'));
  const named = (name: string): RuleFile | null =>
    policies.find(({ path }) => path === `policies/${name}`) ?? null;
  return {
    skills: files.filter(({ path }) => path.startsWith('skills/')),
    cedar: policies.filter(({ path }) => path.endsWith('.cedar')),
    masking: named(MASKING_FILE),
    surroundings: {
      connections: new Map(connections.map((connection) => [connection.name, connection])),
      groups: groups.filter((group) => typeof group === 'string'),
    },
  };
}

function connectionIn({ name, kind, environment }: JsonObject): readonly Connection[] {
  if (typeof name !== 'string' || typeof environment !== 'string' || !isKind(kind)) return [];
  return [{ name, kind, environment }];
}

const KINDS: Readonly<Record<Connection['kind'], true>> = { sqlite: true, postgres: true, mysql: true };

function isKind(value: Json | undefined): value is Connection['kind'] {
  return typeof value === 'string' && Object.hasOwn(KINDS, value);
}

function objectsIn(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
