import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearest } from './nearest.ts';

test('a slip of the pen finds what was meant, whatever its case', () => {
  const names = ['support', 'dba', 'audit', 'fraud'];
  assert.equal(nearest('suport', names), 'support');
  assert.equal(nearest('SUPPORT', names), 'support');
  assert.equal(nearest('duba', names), 'dba');
  assert.equal(nearest('auidt', names), 'audit');
});

test('what is like nothing finds nothing, rather than something silly', () => {
  assert.equal(nearest('warehouse', ['support', 'dba']), undefined);
  assert.equal(nearest('x', []), undefined);
});
