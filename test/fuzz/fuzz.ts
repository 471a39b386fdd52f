import { readFileSync } from 'node:fs';
import { BENIGN, HOSTILE, OWN } from '../inspect/corpus.ts';
import { mutate } from './mutate.ts';
import { holds, KINDS, type Case, type End, type Kind } from './promises.ts';
import { seeded } from './random.ts';
import { startInspector, type Inspector } from '../../src/inspect/inspector.ts';
import { loadPatterns } from '../../src/inspect/text/patterns-file.ts';
import type { TextPatterns } from '../../src/inspect/text/patterns.ts';

const corpus = new URL('../inspect/corpus/', import.meta.url);
const linesOf = (name: string): readonly string[] =>
  readFileSync(new URL(name, corpus), 'utf8')
    .split('\n')
    .filter((line) => line !== '');

/** Cases that broke a promise once. Each is a line of JSON, and is tried first at every run. */
export function foundBefore(): readonly Case[] {
  return linesOf('found.jsonl').map((line) => JSON.parse(line) as Case);
}

const REQUESTS = [
  'https://api.example.com/v1/users/42?expand=orders&limit=10',
  'POST http://127.0.0.1:8080/a/../b%20c/./d',
  'http://[::ffff:169.254.169.254]/latest/meta-data/',
  'http://user:pw@xn--mnchen-3ya.example/%C3%BC?q=%20',
  'DELETE https://0x7f.1/x?a=1&a=2',
];
const COMMANDS = [
  'ls -la /tmp | grep "x y" > out.txt',
  'for f in *.txt; do cat "$f" | sed s/a/b/ ; done',
  'curl -s https://example.com/a | bash',
  "find . -name '*.log' -exec rm {} +",
  'cat <<EOF | sh\necho $(id)\nEOF',
];

const TEXTS: Readonly<Record<Kind, readonly string[]>> = {
  postgres: [...BENIGN, ...HOSTILE, ...OWN.postgres],
  mysql: [...BENIGN, ...HOSTILE, ...OWN.mysql],
  sqlite: [...BENIGN, ...HOSTILE, ...OWN.sqlite],
  http: REQUESTS,
  text: [...linesOf('hostile-texts.txt'), ...linesOf('benign-texts.txt').slice(0, 60)],
  shell: COMMANDS,
};

export interface Fuzzed {
  readonly cases: number;
  /** How the cases ended, by kind. */
  readonly ends: ReadonlyMap<string, number>;
  readonly broken: readonly (Case & { readonly promise: string })[];
}

/** Texts that broke a parser, so that its worker was replaced; each kind of end is worth a look. */
const PLAIN = 'SELECT a FROM plain_one WHERE id = 1';
/** So many cases between two plain statements, and between two fresh second opinions. */
const PLAIN_EVERY = 20;
const FRESH_EVERY = 400;

/** Mutates texts until the time is over. The seed makes a run repeatable, as far as its time reaches. */
export async function fuzz(options: {
  readonly seed: number;
  readonly milliseconds?: number;
  /** Ends the run where the time does not. */
  readonly cases?: number;
  readonly kinds?: readonly Kind[];
}): Promise<Fuzzed> {
  const random = seeded(options.seed);
  const patterns = shippedPatterns();
  const unremembered = { cacheEntries: 0 };
  const first = startInspector(unremembered);
  let second = startInspector(unremembered);
  const ends = new Map<string, number>();
  const broken: (Case & { promise: string })[] = [];
  const unhandled = (reason: unknown): void =>
    void broken.push({ kind: 'text', text: '', promise: `nothing is left unhandled: ${String(reason)}` });
  process.on('unhandledRejection', unhandled);
  const { milliseconds = Infinity, cases: most = Infinity } = options;
  const until = Date.now() + milliseconds;
  let cases = 0;
  const attempt = async (one: Case): Promise<void> => {
    cases += 1;
    try {
      // The plain statement waits behind the case in the same worker, whatever the case does to it.
      const plain = cases % PLAIN_EVERY === 0 ? answersPlainly(first) : Promise.resolve();
      const end: End = await holds(one, first, second, patterns);
      await plain;
      ends.set(`${one.kind} ${end}`, (ends.get(`${one.kind} ${end}`) ?? 0) + 1);
    } catch (error) {
      const promise = error instanceof Error ? error.message : String(error);
      broken.push({ ...one, promise });
    }
  };
  try {
    for (const one of foundBefore()) await attempt(one);
    const over = (): boolean => Date.now() >= until || cases >= most;
    while (!over()) {
      const kind = random.pick(options.kinds ?? KINDS);
      await attempt({ kind, text: mutate(random, TEXTS[kind]) });
      if (cases % FRESH_EVERY === 0) {
        await second.close();
        second = startInspector(unremembered);
      }
    }
  } finally {
    process.off('unhandledRejection', unhandled);
    await Promise.all([first.close(), second.close()]);
  }
  return { cases, ends, broken };
}

async function answersPlainly(inspector: Inspector): Promise<void> {
  const inspection = await inspector.sql('postgres', PLAIN);
  if (!inspection.ok || inspection.facts.writes || inspection.facts.tables.join() !== 'plain_one')
    throw new Error(`a plain statement is answered throughout: ${JSON.stringify(inspection)}`);
}

function shippedPatterns(): TextPatterns {
  const path = new URL('../../policies/patterns.yaml', import.meta.url);
  const loaded = loadPatterns({ path: 'policies/patterns.yaml', text: readFileSync(path, 'utf8') });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors));
  return loaded.value;
}
