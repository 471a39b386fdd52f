import assert from 'node:assert/strict';
import { test } from 'node:test';
import { array, assert as check, integer, property, string } from 'fast-check';
import { frame, frames } from './protocol.ts';

test('frames arrive whole and in order, however the stream is cut', () => {
  const messages = array(string({ unit: 'binary', maxLength: 300 }), { maxLength: 8 });
  check(
    property(messages, integer({ min: 1, max: 50 }), (texts, size) => {
      const bytes = Buffer.concat(
        texts.map((message) => frame(JSON.stringify({ ok: false, code: 1, message, started: false }))),
      );
      const arrived: string[] = [];
      const take = frames((json) => arrived.push(JSON.parse(json).message));
      for (let at = 0; at < bytes.length; at += size) take(bytes.subarray(at, at + size));
      assert.deepEqual(
        arrived,
        texts.map((text) => text.toWellFormed()),
      );
    }),
  );
});
