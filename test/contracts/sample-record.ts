import type { Json, JsonObject } from '../../src/model/json.ts';
import type { NewRecord, RecordType } from '../../src/model/record.ts';
import type { Masked } from '../../src/model/result.ts';

/** What masking would have made. Stores take it as it is. */
export function masked(value: Json): Masked<Json> {
  return { value, report: { findings: [] } } as unknown as Masked<Json>;
}

export function sampleRecord(type: RecordType, fields: Partial<NewRecord> = {}): NewRecord {
  return { type, time: 1_763_000_000_000, session: null, call: null, event: {}, payload: null, ...fields };
}

export function intentOf(call: string, session: string, event: JsonObject = {}): NewRecord {
  const about = { tool: 'find_customer', principal: 'alice', policies: ['support#1'], ...event };
  return sampleRecord('call.intent', { session, call, event: about, payload: masked({ email: '[email]' }) });
}

export function outcomeOf(call: string, session: string): NewRecord {
  const event = { outcome: 'answered', durationMs: 3, rows: 1, masking: [] };
  return sampleRecord('call.outcome', {
    session,
    call,
    event,
    payload: masked({ rows: [['x'.repeat(1_400), 1.5]] }),
  });
}

export function openingOf(session: string, time: number, principal = 'alice'): NewRecord {
  const event = {
    principal,
    issuer: 'https://idp.example.com',
    client: 'claude-code 2.1',
    transport: 'http',
  };
  return sampleRecord('session.opened', { session, time, event });
}
