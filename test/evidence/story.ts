import type { JsonObject } from '../../src/model/json.ts';
import type { NewRecord, RecordType } from '../../src/model/record.ts';
import { masked, sampleRecord } from '../contracts/sample-record.ts';

const ALICE = { principal: 'alice', issuer: 'https://idp.example.com' };
const CLIENT = { client: 'claude-code 2.1', transport: 'http', remote: '10.1.2.3', protocol: '2026-07-28' };

/** A day at a gateway, with a record of every kind that says something of its own to an auditor. */
export function storyOf(name: string, at: number): readonly NewRecord[] {
  let time = at;
  const session = `ses_${name}`;
  const record = (type: RecordType, event: JsonObject, fields: Partial<NewRecord> = {}): NewRecord =>
    sampleRecord(type, { time: (time += 1_000), event, ...fields });
  const call = (id: string): Partial<NewRecord> => ({ session, call: `call_${name}_${id}` });
  const intent = (id: string, event: JsonObject = {}): NewRecord =>
    record(
      'call.intent',
      {
        ...ALICE,
        ...CLIENT,
        tool: 'find_customer',
        skill: 'support',
        connection: 'crm',
        environment: 'production',
        policies: ['support#1'],
        rules: 'r1',
        ...event,
      },
      { ...call(id), payload: masked({ email: '[email]', note: 'ünï "quoted"\n\ud800' }) },
    );
  const outcome = (id: string, event: JsonObject): NewRecord =>
    record(
      'call.outcome',
      { durationMs: 3, ...event },
      { ...call(id), payload: masked({ kind: 'table', rows: [[1.5, null]] }) },
    );
  const sql = (...kinds: readonly string[]): JsonObject => ({
    facts: { sql: { kinds: [...kinds], writes: false } },
  });
  return [
    record('server.started', { version: '0.1.0', node: 'v24', process: `p-${name}` }),
    record('rules.loaded', {
      rules: 'r1',
      skills: 's1',
      policies: 'p1',
      masking: 'm1',
      patterns: 't1',
      tools: 1,
      toolNames: ['find_customer'],
    }),
    record('rules.rejected', { errors: 1, file: 'policies/a.cedar', line: 3, kept: 'r1' }),
    record(
      'session.opened',
      {
        ...ALICE,
        ...CLIENT,
        kind: 'user',
        groups: ['audit', 'support'],
        credential: { kind: 'jwt', id: 'jti-1' },
      },
      { session },
    ),
    intent('a', sql('SELECT')),
    outcome('a', {
      outcome: 'answered',
      rows: 1,
      masking: [
        { class: 'email', path: 'email', count: 2, did: 'redact' },
        { class: 'iban', path: 'x', count: 1, did: 'shown' },
      ],
    }),
    intent('b', sql('UPDATE', 'DELETE')),
    outcome('b', { outcome: 'unknown', failure: 'timeout' }),
    intent('c'),
    outcome('c', { outcome: 'refused', cause: 'data_blocked', executed: true, classes: ['payment_card'] }),
    intent('d', sql('SELECT')),
    outcome('d', {
      outcome: 'answered',
      rows: 0,
      text: { patterns: ['override'], score: 80, hiddenCharacters: 0 },
    }),
    intent('e', { transport: 'stdio' }),
    record(
      'call.refused',
      {
        ...ALICE,
        ...CLIENT,
        tool: '=HYPERLINK("http://x")',
        cause: 'forbidden',
        reason: 'No, "never",\r\nagain',
        policies: ['guard#1', 'guard#2'],
        rules: 'r1',
      },
      { ...call('f'), payload: masked({ a: 1 }) },
    ),
    record(
      'call.refused',
      { tool: '@tool', cause: 'unidentified', reason: 'Nobody.', detail: '-1+2', transport: 'http' },
      { call: `call_${name}_g` },
    ),
    record(
      'call.held',
      {
        ...ALICE,
        ...CLIENT,
        tool: 'run_sql',
        approval: `apr_${name}`,
        answer: 'awaiting_approval',
        rules: 'r1',
      },
      call('h'),
    ),
    record(
      'approval.requested',
      {
        approval: `apr_${name}`,
        requester: 'alice',
        issuer: ALICE.issuer,
        tool: 'run_sql',
        connection: 'crm',
        environment: 'production',
        digest: 'd1',
        rules: 'r1',
        reason: 'Writes are approved.',
        expiresAt: at,
      },
      { ...call('h'), payload: masked({ statement: 'DELETE' }) },
    ),
    record('approval.asked', { approval: `apr_${name}`, channel: 'webhook', whom: 'hooks.example.com' }),
    record('approval.justified', {
      approval: `apr_${name}`,
      by: 'alice',
      issuer: ALICE.issuer,
      justification: 'a ticket',
    }),
    record('approval.decided', {
      approval: `apr_${name}`,
      by: 'bob',
      issuer: ALICE.issuer,
      approve: true,
      channel: 'console',
      assurance: 'high',
      comment: 'fine',
      grantMs: null,
      policies: ['writes'],
    }),
    record('approval.used', { approval: `apr_${name}`, uses: 1 }),
    record('approval.expired', { approval: 'apr_before', because: 'time', was: 'pending', expiresAt: at }),
    record('approval.revoked', { approval: 'apr_before', by: 'bob', issuer: ALICE.issuer, comment: '' }),
    record('task.cancelled', { task: 'task_1', approval: `apr_${name}` }),
    record('task.lost', { task: 'task_2', approval: `apr_${name}` }),
    record('door.refused', {
      failure: 'expired',
      detail: 'the token has expired',
      transport: 'http',
      remote: '::1',
      count: 7,
      first: at,
      last: at,
    }),
    record('door.refused', { failure: 'host_not_allowed', detail: 'x', transport: 'http', remote: 'other' }),
    record('console.signed_in', {
      principal: 'bob',
      issuer: ALICE.issuer,
      groups: ['dba'],
      proof: 'oidc',
      credential: { kind: 'jwt', id: 'j' },
      remote: '10.0.0.9',
    }),
    record('api_key.created', {
      id: 'key_1',
      service: 'batch',
      groups: ['support'],
      by: 'os:root',
      expiresAt: null,
    }),
    record('api_key.revoked', { id: 'key_1', by: 'os:root' }),
    record(
      'session.closed',
      { ...ALICE, ...CLIENT, kind: 'user', reason: 'idle', calls: 5, refused: 1 },
      { session },
    ),
    record('server.stopped', { reason: 'SIGTERM' }),
  ];
}
