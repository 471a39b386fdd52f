import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearest } from './nearest.ts';

const known = ['connections', 'connection', 'listen', 'public_url', 'crm'];

test('a slip of the fingers finds what was meant', () => {
  assert.equal(nearest('lisen', known), 'listen');
  assert.equal(nearest('lsiten', known), 'listen');
  assert.equal(nearest('Public_URL', known), 'public_url');
  assert.equal(nearest('conection', known), 'connection');
  assert.equal(nearest('cmr', known), 'crm');
});

test('something else entirely finds nothing', () => {
  assert.equal(nearest('database', known), undefined);
  assert.equal(nearest('x', known), undefined);
  assert.equal(nearest('a'.repeat(10_000), ['b'.repeat(10_000)]), undefined);
});
