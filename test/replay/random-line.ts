/** The governed line on a real store, under policies at random: calls go through it, and what is on record comes back. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApprovalDesk } from '../../src/approval/desk.ts';
import { taskStations } from '../../src/app/task-stations.ts';
import { govern } from '../../src/govern/govern.ts';
import { createRequestState } from '../../src/govern/request-state.ts';
import type { Stations } from '../../src/govern/stations.ts';
import { loadPatterns } from '../../src/inspect/text/patterns-file.ts';
import { maskJson, maskText } from '../../src/masking/mask.ts';
import { createPseudonyms } from '../../src/masking/pseudonyms.ts';
import { loadMaskingRules } from '../../src/masking/rules.ts';
import type { StoredRecord } from '../../src/model/record.ts';
import type { Loaded } from '../../src/model/load-error.ts';
import type { PolicySet, Question } from '../../src/policy/policy-set.ts';
import type { Candidate, Sandbox } from '../../src/replay/candidate.ts';
import { createSessionTracker } from '../../src/sessions/session-tracker.ts';
import { openSqliteStore } from '../../src/sessions/sqlite-store/open-sqlite-store.ts';

export interface RandomLine {
  /** Puts the question as a call, approves it where it is held and `approve` says so, and calls again. */
  ask(question: Question, policies: PolicySet, approve: boolean): Promise<void>;
  /** What was recorded since the last time. */
  records(): Promise<readonly StoredRecord[]>;
  candidate(policies: PolicySet): Candidate;
  /** Over everything on record; what is inspected again comes from the question of the call with these arguments. */
  sandbox(records: readonly StoredRecord[], inspect: Sandbox['inspect']): Sandbox;
  close(): Promise<void>;
}

const masking = valueOf(loadMaskingRules(null));
const patterns = valueOf(loadPatterns(null));

export async function openRandomLine(): Promise<RandomLine> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-replay-'));
  const store = await openSqliteStore({ path: join(folder, 'record.db'), clock: Date.now });
  const tracker = createSessionTracker({
    append: (records) => store.append(records),
    clock: Date.now,
    newId: () => `ses_${randomUUID()}`,
    maskText: (text) => maskText(text, masking).value,
  });
  const desk = createApprovalDesk({
    store,
    clock: Date.now,
    newId: () => `apr_${randomUUID()}`,
    mask: {
      json: (value) => maskJson(value, masking),
      text: (text) => maskText(text, masking).value,
    },
    mayApprove: () => true,
    digestKey: new Uint8Array(32),
    defaults: { mostPending: 100_000 },
  });
  const tasks = await taskStations(store);
  let last = -1;

  function stationsFor(question: Question, policies: PolicySet): Stations {
    const { principal, tool, facts } = question;
    return {
      now: Date.now,
      newCallId: () => `call_${randomUUID()}`,
      rules: () => ({
        digest: policies.digest,
        tools: new Map([[tool.name, tool]]),
        served: [],
        // Arguments that fit no schema are among those at random.
        validators: new Map([[tool.name, () => ({ ok: true }) as const]]),
        policies,
        masking,
        patterns,
      }),
      accepting: () => true,
      identify: () => ({ ok: true, principal }),
      enterSession: (who, origin) => tracker.enter(who, origin),
      countInSession: (session, what) => tracker.count(session, what),
      desk,
      approvalWaitMs: 0,
      requestState: createRequestState(new Uint8Array(32)),
      pseudonyms: (scope) => createPseudonyms(new Uint8Array(32), scope),
      pageOf: () => null,
      inspector: {
        sql: () => Promise.resolve({ ok: true, facts: facts.sql! }),
        text: () => Promise.resolve({ ok: true, facts: facts.text! }),
        shell: () => Promise.reject(new Error('no tool has a command')),
        http: () => Promise.reject(new Error('no tool has a request')),
      },
      append: (records) => store.append(records),
      appendWith: (records, ...changes) => store.appendWith(records, ...changes),
      tasks,
      execute: () =>
        Promise.resolve({ ok: false, failure: 'internal', message: 'nothing runs here', ran: 'no' }),
      watch: () => ({ lap: (_station, passed) => passed, found: () => undefined, end: () => undefined }),
      alarm: (_call, station, error) => {
        throw new Error(`${station}: ${String(error)}`);
      },
    };
  }

  return {
    async ask(question, policies, approve) {
      const origin = {
        transport: 'http',
        protocolVersion: '2026-07-28',
        client: { name: question.client, version: '1' },
        elicitation: { form: false, url: false },
      } as const;
      const request = {
        tool: question.tool.name,
        arguments: question.input,
        credential: { kind: 'local' },
        origin,
        input: null,
      } as const;
      const stations = stationsFor(question, policies);
      const io = { signal: new AbortController().signal };
      const answer = await govern(request, stations, io);
      if (answer.outcome !== 'awaiting_approval' || !approve || answer.approval === undefined) return;
      const reviewer = {
        kind: 'user',
        id: 'rita',
        issuer: 'test',
        groups: ['dba'],
        credential: { kind: 'local', id: 'test' },
      } as const;
      const ruled = await desk.rule(answer.approval, reviewer, {
        approve: true,
        comment: '',
        grantMs: null,
        channel: 'console',
        assurance: 'high',
      });
      if (!ruled.ok && ruled.problem !== 'not_pending') throw new Error(ruled.problem);
      await govern(request, stations, io);
    },
    async records() {
      const all = await store.records({ after: last, limit: 1_000 });
      last = all.at(-1)?.index ?? last;
      return all;
    },
    candidate: (policies) => ({
      digest: policies.digest,
      parts: { skills: 's', policies: policies.digest, masking: masking.digest, patterns: 'p' },
      tools: new Map(),
      validators: new Map(),
      policies,
      masking,
    }),
    sandbox: (records, inspect) => ({
      session: (id) => {
        const opened = records.find(({ type, session }) => type === 'session.opened' && session === id);
        const { kind, issuer, groups, groupsOmitted } = opened?.event ?? {};
        return Promise.resolve({
          kind: kind as 'user' | 'service',
          issuer: issuer as string,
          groups: groups as readonly string[],
          allGroups: groupsOmitted === undefined,
        });
      },
      partsOf: (rules) => ({ skills: 's', policies: rules, masking: masking.digest, patterns: 'p' }),
      inspect,
    }),
    async close() {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function valueOf<T>(loaded: Loaded<T>): T {
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors));
  return loaded.value;
}
