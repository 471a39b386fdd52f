import { test } from 'node:test';
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { callOf, KEY, runSql, service, user } from '../../test/approval/fixture.ts';
import { makeTool, crm, billing } from '../../test/policy/fixture.ts';
import { canonicalJson } from '../model/canonical-json.ts';
import { digestOf, EVERY_VALUE } from './digest.ts';
import type { Json } from '../model/json.ts';

const digest = (over: Parameters<typeof callOf>[0] = {}, key = KEY): string => digestOf(callOf(over), key);

test('one byte more or less in the arguments is another act', () => {
  const base = digest({ statement: 'DELETE FROM t WHERE id = 7' });
  assert.match(base, /^[0-9a-f]{64}$/);
  for (const statement of [
    'DELETE FROM t WHERE id = 77',
    'DELETE FROM t WHERE id = 7 ',
    'DELETE FROM t WHERE id = 7\u200b',
    'delete FROM t WHERE id = 7',
    'DELETE FROM t WHERE id = 7\0',
  ])
    assert.notEqual(digest({ statement }), base, JSON.stringify(statement));
  assert.notEqual(digest({ arguments: { statement: 'é' } }), digest({ arguments: { statement: 'e\u0301' } }));
  assert.notEqual(digest({ statement: '\ud800' }), digest({ statement: '\ud801' }));
  assert.notEqual(digest({ statement: '\ud800' }), digest({ statement: '\ufffd' }));
});

test('another principal, kind, issuer, tool, connection, statement behind the tool or key is another act', () => {
  const fixed = (text: string, connection = crm) => {
    const made = makeTool('run_sql', {}, { connection });
    assert.ok('statement' in made.action);
    return { ...made, action: { ...made.action, statement: { ...made.action.statement, text } } };
  };
  const digests = [
    digest(),
    digest({ principal: user('bob', 'support') }),
    digest({ principal: service('alice', 'support') }),
    digest({ principal: { ...user('alice', 'support'), issuer: 'other' } }),
    digest({ tool: { ...runSql, name: 'run_sql2' } }),
    digest({ tool: { ...runSql, connection: billing } }),
    digest({ tool: fixed('SELECT 1') }),
    digest({ tool: fixed('SELECT 2') }),
    digest({}, new Uint8Array(32).fill(8)),
  ];
  assert.equal(new Set(digests).size, digests.length);
});

test('the same act has one digest: order of keys, spelling of numbers, groups and client do not matter', () => {
  const one = digest({ arguments: { a: 1.5, b: { c: [1e2, 'x'], d: null } } });
  assert.equal(digest({ arguments: JSON.parse('{"b":{"d":null,"c":[100.0,"x"]},"a":15e-1}') as never }), one);
  assert.equal(digest({ principal: user('alice', 'dba') }), digest());
  assert.equal(digest({ session: 'another' }), digest());
});

test('two values have one canonical text only if they are the same JSON', () => {
  const sorted = (value: Json): Json => JSON.parse(canonicalJson(value, EVERY_VALUE)) as Json;
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      const [left, right] = [a as Json, b as Json];
      assert.deepEqual(sorted(left), JSON.parse(JSON.stringify(left)));
      const same = canonicalJson(left, EVERY_VALUE) === canonicalJson(right, EVERY_VALUE);
      let equal = true;
      try {
        assert.deepEqual(JSON.parse(JSON.stringify(left)), JSON.parse(JSON.stringify(right)));
      } catch {
        equal = false;
      }
      assert.equal(same, equal);
    }),
  );
});
