import { readSources } from './rule-sources.ts';
import { assembleRules, type LoadedRules } from './rules.ts';
import type { Configuration } from './configuration.ts';
import type { AccessReader, AccessRow, AccessSubject } from '../evidence/access-matrix.ts';
import type { Inspector } from '../inspect/inspector.ts';
import type { Principal } from '../model/principal.ts';

/**
 * Says who could call what under rules that were in force: loads them again as they were put on record, and asks their
 * policies. Null where they are not on record, or where their policies come to another digest than was recorded: something
 * that counts was masked in them, or this version reads them otherwise.
 */
export function accessReader(limits: Configuration['limits'], inspector: Inspector): AccessReader {
  return async ({ policies, sources }, people) => {
    const files = sources === null ? null : readSources(sources);
    if (files === null) return null;
    // Patterns find things in texts; who may call what does not depend on them.
    const parts = { ...files, patterns: null };
    const loaded = await assembleRules(parts, files.surroundings, limits, inspector);
    if (!loaded.ok) return null;
    try {
      if (loaded.value.policies.digest !== policies) return null;
      return people.flatMap((person) => accessOf(person, loaded.value));
    } finally {
      loaded.value.policies.close();
    }
  };
}

function accessOf(subject: AccessSubject, { tools, policies }: LoadedRules): readonly AccessRow[] {
  const principal: Principal = {
    kind: subject.kind === 'service' ? 'service' : 'user',
    id: subject.principal,
    issuer: subject.issuer,
    groups: subject.groups,
    credential: { kind: 'local', id: 'evidence' },
  };
  return [...tools.values()]
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map((tool) => ({
      subject,
      tool: tool.name,
      skill: tool.skill,
      connection: tool.connection.name,
      environment: tool.connection.environment,
      could: policies.couldPermit(principal, tool),
    }));
}
