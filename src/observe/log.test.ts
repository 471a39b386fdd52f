import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLog, type LogOptions } from './log.ts';
import type { JsonObject } from '../model/json.ts';

function logged(options: Partial<LogOptions> = {}): { lines: string[]; log: ReturnType<typeof createLog> } {
  const lines: string[] = [];
  const log = createLog({
    level: 'info',
    format: 'json',
    maskFields: (fields) => JSON.parse(JSON.stringify(fields).replaceAll('secret', '[masked]')) as JsonObject,
    maskMessage: (message) => message.replaceAll('secret', '[masked]'),
    write: (line) => lines.push(line),
    ...options,
  });
  return { lines, log };
}

test('an event is one JSON line, with its level, time and fields', () => {
  const { lines, log } = logged();
  log('warn', { tool: 'find', n: 1 }, 'something happened');
  assert.equal(lines.length, 1);
  assert.ok(lines[0]?.endsWith('\n'));
  const { level, time, tool, n, msg } = JSON.parse(lines[0]!) as Record<string, unknown>;
  assert.deepEqual([level, tool, n, msg], [40, 'find', 1, 'something happened']);
  assert.equal(new Date(String(time)).toISOString(), time);
});

test('fields and messages pass masking, whatever the format', () => {
  for (const format of ['json', 'pretty'] as const) {
    const { lines, log } = logged({ format });
    log('error', { detail: 'a secret', deep: { er: ['secret'] } }, 'the secret is out');
    assert.ok(!lines.join('').includes('secret'), lines.join(''));
  }
});

test('a line that can’t be masked is withheld, and that is said', () => {
  const maskMessage = (): never => {
    throw new Error('a secret');
  };
  const { lines, log } = logged({ maskMessage });
  log('error', {}, 'a secret');
  assert.equal(lines.length, 1);
  assert.match(lines[0]!, /a log line was withheld/);
  assert.ok(!lines[0]!.includes('secret'));
});

test('what is below the level is neither written nor masked', () => {
  let asked = 0;
  const maskMessage = (message: string): string => {
    asked += 1;
    return message;
  };
  const { lines, log } = logged({ level: 'warn', maskMessage });
  log('info', {}, 'quiet');
  assert.deepEqual([lines, asked], [[], 0]);
});

test('a readable line can’t drive a terminal', () => {
  const { lines, log } = logged({ format: 'pretty' });
  log('info', { tool: '\u001b[2J\u0007\r', note: 'two\nlines\u2028' }, 'a \u001b]0;title\u0007 message');
  assert.equal(lines.length, 1);
  assert.match(lines[0]!.slice(0, -1), /^\P{Cc}*$/u);
  assert.ok(lines[0]!.endsWith('\n'));
});
