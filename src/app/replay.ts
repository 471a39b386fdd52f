import { readMaskingRules } from './mask-text.ts';
import { withRules } from './check.ts';
import { openRecord, recordLook } from './read-record.ts';
import { inspectCall } from '../inspect/inspect-call.ts';
import { createMemo } from '../policy/memo.ts';
import { createReplay, type Difference, type Totals } from '../replay/replay.ts';
import { createReport } from '../replay/report.ts';
import { printable } from '../sessions/printable.ts';
import type { Configuration } from './configuration.ts';
import type { LoadedRules } from './rules.ts';
import type { Inspector } from '../inspect/inspector.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { Loaded } from '../model/load-error.ts';
import type { RecordType, StoredRecord } from '../model/record.ts';
import type { Candidate, RecordedSession, RulesParts, Sandbox } from '../replay/candidate.ts';
import type { Store } from '../sessions/store.ts';

export interface ReplayQuery {
  /** Only the calls of one session. */
  readonly session: string | null;
  /** Epoch milliseconds: records at or after it. */
  readonly from: number;
  /** Epoch milliseconds: records before it. */
  readonly to: number;
  /** Who looks, for the record. */
  readonly by: string;
}

export interface Replayed {
  readonly totals: Totals;
  /** Digest of the rules under which it was decided again. */
  readonly rules: string;
  /** Markdown. */
  readonly report: string;
}

/** Absolute paths, each in place of the configured folder. */
export interface CandidateFolders {
  readonly policies: string | null;
  readonly skills: string | null;
}

/**
 * Decides the recorded calls again and looks at the masking of their answers. It reads the record and these folders; no
 * connector is constructed, so that nothing can be executed. Memory does not grow with the record. Null where there is
 * no such session.
 */
export async function replayRecord(
  configuration: Configuration,
  { policies, skills }: CandidateFolders,
  query: ReplayQuery,
  tell: (difference: Difference) => void,
): Promise<Loaded<Replayed | null>> {
  const configured = await readMaskingRules(configuration.policies, false);
  if (!configured.ok) return configured;
  const candidate = {
    ...configuration,
    policies: policies ?? configuration.policies,
    skills: skills ?? configuration.skills,
  };
  return await withRules(candidate, async (rules, warnings, inspector) => {
    const store = await openRecord(configuration, false);
    try {
      const { session } = query;
      if (session !== null && (await store.sessions({ id: session, limit: 1 })).length === 0)
        return { ok: true, value: null, warnings };
      const what =
        session === null ? ({ what: 'sessions' } as const) : ({ what: 'session', id: session } as const);
      await recordLook(store, { by: query.by, how: 'command', ...what });
      const sandbox = await sandboxOver(store, rules, inspector);
      const intentOf = async (call: string): Promise<StoredRecord | null> =>
        (await store.records({ call, types: ['call.intent'], limit: 1 }))[0] ?? null;
      const replay = createReplay(candidateOf(rules), sandbox, intentOf, configured.value);
      const report = createReport(printable);
      for await (const record of pages(store, CALLS, session)) {
        if (record.time < query.from || record.time >= query.to) continue;
        for (const difference of await replay.take(record)) {
          report.add(difference);
          tell(difference);
        }
      }
      const { totals } = replay;
      return {
        ok: true,
        value: { totals, rules: rules.digest, report: report.render(totals) },
        warnings,
      };
    } finally {
      await store.close();
    }
  });
}

const CALLS: readonly RecordType[] = ['call.intent', 'call.held', 'call.refused', 'call.outcome'];
const PAGE = 500;

async function* pages(
  store: Store,
  types: readonly RecordType[],
  session: string | null,
): AsyncGenerator<StoredRecord> {
  const where = { types, limit: PAGE, ...(session === null ? {} : { session }) };
  for (let after = -1; ;) {
    const page = await store.records({ ...where, after });
    const last = page.at(-1);
    if (last === undefined) return;
    yield* page;
    after = last.index;
  }
}

function candidateOf(rules: LoadedRules): Candidate {
  const { digest, tools, validators, policies, masking } = rules;
  return { digest, tools, validators, policies, masking, parts: partsOf(rules) };
}

function partsOf({ skills, policies, masking, patterns }: LoadedRules): RulesParts {
  return {
    skills: skills.digest,
    policies: policies.digest,
    masking: masking.digest,
    patterns: patterns.digest,
  };
}

/** Sessions that are remembered: records of one mostly stand near to each other. */
const REMEMBERED = 5_000;
const ID = 200;

async function sandboxOver(store: Store, rules: LoadedRules, inspector: Inspector): Promise<Sandbox> {
  const parts = new Map<string, RulesParts>([[rules.digest, partsOf(rules)]]);
  for await (const { event } of pages(store, ['rules.loaded'], null)) {
    const { rules: digest, skills, policies, masking, patterns } = event;
    if (typeof digest !== 'string') continue;
    parts.set(digest, {
      skills: text(skills),
      policies: text(policies),
      masking: text(masking),
      patterns: text(patterns),
    });
  }
  const sessions = createMemo<RecordedSession>(REMEMBERED, ID);
  return {
    async session(id) {
      const known = sessions.get(id);
      if (known !== undefined) return known;
      const [opened] = await store.records({ session: id, types: ['session.opened'], limit: 1 });
      const session = opened === undefined ? null : sessionOf(opened.event);
      if (session !== null) sessions.set(id, session);
      return session;
    },
    partsOf: (digest) => parts.get(digest) ?? null,
    inspect: (tool, args, texts) => inspectCall(tool, args, inspector, texts ? rules.patterns : null),
  };
}

function sessionOf(event: JsonObject): RecordedSession {
  const { kind, issuer, groups, groupsOmitted } = event;
  return {
    kind: kind === 'service' ? 'service' : 'user',
    issuer: text(issuer),
    groups: Array.isArray(groups) ? groups.filter((group) => typeof group === 'string') : [],
    allGroups: groupsOmitted === undefined,
  };
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
