import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { SessionChange } from '../session-rows.ts';
import { MIGRATIONS } from './migrations.ts';
import { changeSession, sessionStatements } from './session-row.ts';

const abouts = fc.record({
  principal: fc.string(),
  issuer: fc.string(),
  client: fc.string(),
  transport: fc.string(),
});

const changes: fc.Arbitrary<SessionChange> = fc.record({
  id: fc.constantFrom('a', 'b'),
  about: fc.option(abouts),
  openedAt: fc.nat(9),
  closedAt: fc.option(fc.nat(9)),
  lastAt: fc.nat(9),
  calls: fc.nat(3),
  refused: fc.nat(3),
});

function database(): DatabaseSync {
  const db = new DatabaseSync(':memory:');
  db.exec(MIGRATIONS[0]?.sql ?? '');
  return db;
}

test('a session is in the list as the upsert alone would put it there, whatever came in what order', () => {
  fc.assert(
    fc.property(fc.array(changes, { maxLength: 8 }), (all) => {
      const [both, plain] = [database(), database()];
      const fast = sessionStatements(both);
      const { upsert } = sessionStatements(plain);
      for (const change of all) {
        changeSession(fast, change);
        const { id, about, openedAt, closedAt, lastAt, calls, refused } = change;
        const told = [about?.principal, about?.issuer, about?.client, about?.transport] as const;
        const [principal = null, issuer = null, client = null, transport = null] = told;
        upsert.run(id, principal, issuer, client, transport, openedAt, closedAt, lastAt, calls, refused);
      }
      const rows = (db: DatabaseSync) => db.prepare('SELECT * FROM session ORDER BY id').all();
      assert.deepEqual(rows(both), rows(plain));
      both.close();
      plain.close();
    }),
    { numRuns: 50 },
  );
});
