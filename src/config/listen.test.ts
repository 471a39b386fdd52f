import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLoopback, parseListen } from './listen.ts';

test('host and port are read, IPv6 in brackets', () => {
  assert.deepEqual(parseListen('127.0.0.1:8400'), { host: '127.0.0.1', port: 8400 });
  assert.deepEqual(parseListen('[::1]:0'), { host: '::1', port: 0 });
  assert.deepEqual(parseListen('Gate.example.com:443'), { host: 'gate.example.com', port: 443 });
  for (const text of [
    '',
    '8400',
    ':8400',
    'a:',
    'a:65536',
    '::1:8400',
    '[a]:1',
    'a b:1',
    'a:1:2',
    'http://a:1',
  ]) {
    assert.equal(parseListen(text), undefined, text);
  }
});

test('only addresses that no other machine can reach are loopback', () => {
  for (const host of [
    '127.0.0.1',
    '127.1.2.3',
    '::1',
    '[::1]',
    'localhost',
    'LOCALHOST',
    'a.localhost',
    '0:0:0:0:0:0:0:1',
  ]) {
    assert.ok(isLoopback(host), host);
  }
  for (const host of [
    '0.0.0.0',
    '::',
    '10.0.0.1',
    '127.0.0.1.example.com',
    'localhost.example.com',
    '::ffff:10.0.0.1',
    '::2',
    '128.0.0.1',
  ]) {
    assert.ok(!isLoopback(host), host);
  }
});
