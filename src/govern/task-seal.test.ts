import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { createTaskSeal, type TaskContent } from './task-seal.ts';
import type { StoredTask } from '../model/task.ts';

const ID = 'task_0198c0de-0000-7000-8000-000000000000';
const OWNER = '["user","idp","alice"]';
const seal = createTaskSeal(randomBytes(32));

const row = (sealed: string, owner = OWNER): StoredTask => ({
  id: ID,
  owner,
  approval: 'apr_1',
  state: 'waiting',
  call: null,
  runsUntil: null,
  sealed,
  createdAt: 0,
  updatedAt: 0,
  expiresAt: 1,
  version: 1,
});

const call = (args: Record<string, never>): TaskContent => ({
  kind: 'call',
  call: { tool: 'run_sql', arguments: args, toolUseId: null },
});

test('a handle reads what was sealed with it, whatever the arguments are', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (args) => {
      const json = JSON.stringify(args);
      // The server lets no such key in, at any depth.
      if (json.includes('"__proto__":')) return;
      const plain = JSON.parse(json) as Record<string, never>;
      const key = seal.mint(ID);
      const opened = seal.read(key.handle)?.open(row(key.seal(call(plain), OWNER)));
      assert.deepEqual(opened, call(plain));
    }),
  );
});

test('nothing else reads it: another handle, another store, another owner, or a bit that was changed', () => {
  const key = seal.mint(ID);
  const sealed = key.seal(call({}), OWNER);
  assert.notEqual(key.open(row(sealed)), null);
  assert.equal(seal.mint(ID).open(row(sealed)), null);
  assert.equal(createTaskSeal(randomBytes(32)).read(key.handle)?.open(row(sealed)), null);
  assert.equal(key.open(row(sealed, '["user","idp","bob"]')), null);
  const bytes = Buffer.from(sealed, 'base64url');
  fc.assert(
    fc.property(fc.nat({ max: bytes.length * 8 - 1 }), (bit) => {
      const changed = Buffer.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      assert.equal(key.open(row(changed.toString('base64url'))), null);
    }),
  );
  for (const text of ['', 'AAAA', sealed.slice(0, 30)]) assert.equal(key.open(row(text)), null);
});

test('a handle has one spelling, is short and printable, and anything else is none', () => {
  const { handle } = seal.mint(ID);
  // What clients are known to take: 128 printable characters, in a header as well.
  assert.match(handle, /^[\x21-\x7e]{64,128}$/);
  assert.equal(seal.read(handle)?.handle, handle);
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const last = alphabet
    .split('')
    .map((end) => seal.read(handle.slice(0, -1) + end))
    .filter((key) => key !== null);
  assert.equal(last.length, 16, 'two bits of the last character are always none');
  fc.assert(
    fc.property(fc.string(), (text) => {
      assert.equal(seal.read(text), null);
      assert.equal(seal.read(handle + text.slice(0, 1) + 'x'), null);
    }),
  );
});
