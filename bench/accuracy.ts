/**
 * What masking finds and what it takes for something: recall by kind of value in rows and notes, and precision beside as
 * many benign texts as values, in own generated data with a seed, so that a run can be repeated; then the same in
 * what others published (test/accuracy/corpora). Run: `npm run accuracy`.
 */
import { readFileSync } from 'node:fs';
import { loadMaskingRules } from '../src/masking/rules.ts';
import { benign, notes, rows } from '../test/accuracy/corpus.ts';
import { falseFindings, recallOf } from '../test/accuracy/measure.ts';
import { publishedCorpora } from '../test/accuracy/published.ts';
import { scorePublished, type Share } from '../test/accuracy/published-score.ts';

const PER_KIND = 1_000;
const SEED = 20_261;

const path = new URL('../policies/masking.yaml', import.meta.url);
const loaded = loadMaskingRules({ path: 'policies/masking.yaml', text: readFileSync(path, 'utf8') });
if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors));
const rules = loaded.value;

const structured = recallOf(rows(PER_KIND, SEED), rules);
const free = recallOf(notes(PER_KIND, SEED + 1), rules);
const texts = benign(PER_KIND * structured.length, SEED + 2);
const wrong = falseFindings(texts, rules);

const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(2)} %`.padStart(9);
console.log(`${PER_KIND} values a kind in rows and in notes, ${texts.length} benign texts, seed ${SEED}\n`);
console.log(`${'kind'.padEnd(22)} rows: recall  as its class   notes: recall  as its class`);
for (const [index, row] of structured.entries()) {
  const note = free[index];
  if (note === undefined) continue;
  console.log(
    `${row.kind.padEnd(22)} ${percent(row.found, row.values).padStart(12)} ${percent(row.named, row.values).padStart(13)}` +
      ` ${percent(note.found, note.values).padStart(15)} ${percent(note.named, note.values).padStart(13)}`,
  );
}
console.log(`\n${'class'.padEnd(22)} precision (rows found ÷ rows found and benign texts taken)`);
const classes = new Set([...structured.map(({ kind }) => kind.split(' ')[0] ?? kind), ...wrong.keys()]);
for (const name of classes) {
  const right = structured
    .filter(({ kind }) => kind.split(' ')[0] === name)
    .reduce((all, { named }) => all + named, 0);
  const { count, texts: examples } = wrong.get(name) ?? { count: 0, texts: [] };
  const shown = examples.length === 0 ? '' : `  such as ${examples[0] ?? ''}`;
  console.log(
    `${name.padEnd(22)} ${right + count === 0 ? '        –' : percent(right, right + count)}  ${String(count).padStart(5)} taken${shown}`,
  );
}

const corpora = publishedCorpora(SEED + 3);
console.log('\npublished corpora:');
for (const { name, source, licence } of corpora) console.log(`  ${name.padEnd(18)} ${source} (${licence})`);

const shown = ({ part, whole }: Share): string =>
  whole === 0 ? '–'.padStart(20) : `${percent(part, whole)} ${`of ${whole}`.padEnd(8)}`.padStart(20);
console.log(
  `\n${'corpus'.padEnd(18)} ${'class'.padEnd(16)}    as published     beside its word  look-alikes taken`,
);
for (const { corpus, class: of, published, worded, taken, missed } of scorePublished(corpora, rules)) {
  const example = missed.length === 0 ? '' : `  not ${missed.slice(0, 2).join(', ')}`;
  console.log(
    `${corpus.padEnd(18)} ${of.padEnd(16)} ${shown(published)}${shown(worded)}${shown(taken)}${example}`,
  );
}
