/**
 * What masking costs: throughput by kind of data, beside `JSON.parse` + `JSON.stringify` of the same bytes, and the
 * worst that one megabyte of hostile text does. Prints, asserts nothing. Run: `node bench/masking.ts`.
 */
import { readFileSync } from 'node:fs';
import { maskJson, maskResult, maskText } from '../src/masking/mask.ts';
import { loadMaskingRules } from '../src/masking/rules.ts';
import type { BackendResult } from '../src/model/result.ts';
import type { Json } from '../src/model/json.ts';

const path = new URL('../policies/masking.yaml', import.meta.url);
const loaded = loadMaskingRules({ path: 'policies/masking.yaml', text: readFileSync(path, 'utf8') });
if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors));
const rules = loaded.value;

/** Seconds for one run, the best of several: what the machine can do, not what its neighbours leave. */
function best(run: () => unknown): number {
  let least = Number.POSITIVE_INFINITY;
  const until = performance.now() + 600;
  do {
    const begun = performance.now();
    run();
    least = Math.min(least, performance.now() - begun);
  } while (performance.now() < until);
  return least / 1000;
}

const WORDS = 'the order was packed and left our house on friday with the usual carrier and no remarks'.split(
  ' ',
);
const prose = (words: number): string =>
  Array.from({ length: words }, (_, i) => WORDS[(i * 7) % WORDS.length]).join(' ');

function table(rows: number, note: (row: number) => string): BackendResult {
  const columns = ['id', 'status', 'placed_at', 'total', 'sku', 'note'].map((name) => ({
    name,
    type: 'text',
  }));
  const cells = Array.from({ length: rows }, (_, row): Json[] => [
    row,
    'shipped',
    '2026-03-14T09:26:53.589Z',
    `${row}.95`,
    '550e8400-e29b-41d4-a716-446655440000',
    note(row),
  ]);
  return { kind: 'table', columns, rows: cells, truncated: null, rowsAffected: null };
}

const how = { columnClasses: {}, resultColumns: null, unmasked: new Set<string>() };
const dense = (row: number): string =>
  `Wrote to ann.lee${row}@example.com, card 4111 1111 1111 1111, call +1 415 555 2671, ssn 078-05-1120 ${prose(8)}`;

const table4000 = table(4000, () => prose(12));
const dense1000 = table(1000, dense);
const small = table(10, () => prose(12));
const megabyte = prose(200_000).slice(0, 1_000_000);

const runs: readonly (readonly [string, Json, () => unknown])[] = [
  ['clean rows', table4000.rows, () => maskResult(table4000, how, rules)],
  ['dense rows', dense1000.rows, () => maskResult(dense1000, how, rules)],
  ['2 KB result', small.rows, () => maskResult(small, how, rules)],
  ['1 MB clean text', megabyte, () => maskText(megabyte, rules)],
];
for (const [name, json, run] of runs) {
  const text = JSON.stringify(json);
  const control = best(() => JSON.stringify(JSON.parse(text)));
  const seconds = best(run);
  const rate = (taken: number): string => (text.length / 1e6 / taken).toFixed(0).padStart(5);
  console.log(
    `${name.padEnd(18)} ${String(text.length).padStart(9)} B ${(seconds * 1e6).toFixed(0).padStart(8)} µs ${rate(seconds)} MB/s` +
      `   JSON.parse + stringify ${rate(control)} MB/s`,
  );
}

const fill = (piece: string): string => piece.repeat(Math.ceil(1_000_000 / piece.length)).slice(0, 1_000_000);
const HOSTILE = [
  'a',
  '@',
  'a@',
  'a@a.',
  'a.b@',
  '1',
  '1 ',
  '1 2 3 4 5 6 7 8',
  '00 49 ',
  'GB29\n',
  '4111 1111\n',
  '1-',
  '4111 ',
  '123456789 ',
  'ssn 123456789 ',
  '+1',
  '+1 415 555 2671 ',
  'tel 0301234567 ',
  'call 0',
  '(415) 555-2671',
  'DE8',
  'DE89 3704 ',
  '\u200b',
  '4\u200b',
  '４',
  '\ud835\udfd8',
  '{',
  '{"',
  '[[',
  '{"a":',
  '"\\"',
  '{"a":"\\\\',
  '{"ssn":{',
  '\\u0034',
  '"@',
  '""@',
  'é',
  'password: a1',
  'Name: A ',
  'eyJ',
  '-----BEGIN PRIVATE KEY-----',
  '2001:',
  '%40',
  '12 Main ',
  'key a1b2c3d4e5f6g7h8 ',
  'YWFhYWFhYWFhYWFhYWFh ',
  '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed ',
  '1.2.3.4 ',
  'born 12.03.1980 ',
  'a:b@',
  'pesel 44051401359 ',
  '́',
];
const worst = HOSTILE.map((piece) => {
  const text = fill(piece);
  const begun = performance.now();
  maskJson(text, rules);
  return [performance.now() - begun, piece] as const;
}).sort((a, b) => b[0] - a[0]);
console.log('\nworst of 1 MB:');
for (const [taken, piece] of worst.slice(0, 6))
  console.log(`${taken.toFixed(0).padStart(7)} ms  ${JSON.stringify(piece)} repeated`);
