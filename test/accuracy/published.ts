import { readFileSync } from 'node:fs';
import { getCountries, getExampleNumber, type Examples } from 'libphonenumber-js/max';
import type { Labelled } from './corpus.ts';
import { createRandom, type Random } from './random.ts';

/** Values of one kind that somebody else published, and texts that look like one. */
export interface PublishedKind {
  readonly corpus: string;
  /** A data class, and which of its numbers: `national_id (pl/pesel)`. */
  readonly kind: string;
  readonly published: readonly Labelled[];
  /** Those that are nothing but a value, beside the word that a person writes in front. */
  readonly worded: readonly Labelled[];
  /** As published, and beside the word. */
  readonly lookAlikes: readonly string[];
}

export interface Corpus {
  readonly name: string;
  readonly source: string;
  readonly licence: string;
  readonly kinds: readonly PublishedKind[];
}

interface Texts {
  readonly word: string;
  readonly texts: readonly (readonly [string, ...(readonly [number, number])[]])[];
}

interface Numbers {
  readonly word: string;
  readonly valid: readonly string[];
  readonly invalid: readonly string[];
}

interface From<T> {
  readonly source: string;
  readonly commit: string;
  readonly licence: string;
  readonly kinds: Readonly<Record<string, T>>;
}

interface Shapes extends Omit<From<never>, 'kinds'> {
  readonly shapes: Readonly<Record<string, string>>;
  readonly labelled: Readonly<Record<string, string>>;
}

/** All published corpora. @param seed for what is made of the shapes of keys. */
export function publishedCorpora(seed: number): readonly Corpus[] {
  return [presidio(), numbers('stdnum'), numbers('commons-validator'), telephones(), gitleaks(seed)];
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`corpora/${name}.json`, import.meta.url), 'utf8'));
}

/** The letters of a country in front of a number are no part of what has to go. */
const COUNTRY = /^[A-Za-z]{2}[ -](?=[A-Za-z]?[0-9])/;

function numberOf(kind: string, before: string, text: string): Labelled {
  const country = COUNTRY.exec(text)?.[0] ?? '';
  return value(kind, before + country, text.slice(country.length));
}

function value(kind: string, before: string, text: string, after = ''): Labelled {
  const start = before.length;
  return { text: before + text + after, values: [{ kind, start, end: start + text.length }] };
}

function corpusOf(name: string, from: Omit<From<never>, 'kinds'>, kinds: readonly PublishedKind[]): Corpus {
  return { name, source: `${from.source} @ ${from.commit.slice(0, 10)}`, licence: from.licence, kinds };
}

function presidio(): Corpus {
  const from = read('presidio') as From<Texts>;
  const kinds = Object.entries(from.kinds).map(([kind, { word, texts }]): PublishedKind => {
    const published = texts
      .filter(([, ...spans]) => spans.length > 0)
      .map(([text, ...spans]) => ({
        text,
        values: spans.map(([start, end]) => ({ kind, start, end })),
      }));
    const bare = published.filter(
      ({ text, values: [only] }) => only?.start === 0 && only.end === text.length,
    );
    const without = texts.filter(([, ...spans]) => spans.length === 0).map(([text]) => text);
    return {
      corpus: 'presidio',
      kind,
      published,
      worded: bare.map(({ text }) => value(kind, word, text)),
      lookAlikes: [...without, ...without.map((text) => word + text)],
    };
  });
  return corpusOf('presidio', from, kinds);
}

function numbers(name: string): Corpus {
  const from = read(name) as From<Numbers>;
  const kinds = Object.entries(from.kinds).map(([kind, { word, valid, invalid }]) => ({
    corpus: name,
    kind,
    published: valid.map((text) => numberOf(kind, '', text.trim())),
    worded: valid.map((text) => numberOf(kind, word, text.trim())),
    lookAlikes: invalid.flatMap((text) => [text, word + text]),
  }));
  return corpusOf(name, from, kinds);
}

/** The example of a mobile number of each country, as it is written for callers from abroad. */
function telephones(): Corpus {
  const root = new URL('../../node_modules/libphonenumber-js/', import.meta.url);
  const examples = JSON.parse(readFileSync(new URL('examples.mobile.json', root), 'utf8')) as Examples;
  const { version } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { version: string };
  const kind = 'phone (each country)';
  const published = getCountries().flatMap((country) => {
    const example = getExampleNumber(country, examples);
    return example === undefined ? [] : [value(kind, 'Rückruf unter ', example.formatInternational(), '.')];
  });
  const corpus = 'libphonenumber';
  const kinds = [{ corpus, kind, published, worded: published, lookAlikes: [] }];
  return {
    name: corpus,
    source: `libphonenumber-js ${version}, examples.mobile.json`,
    licence: 'MIT',
    kinds,
  };
}

const INSTANCES = 3;

function gitleaks(seed: number): Corpus {
  const from = read('gitleaks') as Shapes;
  const random = createRandom(seed);
  const corpus = 'gitleaks';
  const made = (shapes: Shapes['shapes'], kind: string, write: (name: string, key: string) => Labelled[]) => {
    const published = Object.entries(shapes).flatMap(([name, shape]) =>
      Array.from({ length: INSTANCES }, () => write(name, madeOf(shape, random))).flat(),
    );
    return { corpus, kind, published, worded: published, lookAlikes: [] };
  };
  const own = 'credential (own shape)';
  const labelled = 'credential (named by a label)';
  return corpusOf(corpus, from, [
    made(from.shapes, own, (_, key) => [
      value(own, '', key),
      value(own, 'row=17 value=', key, ' state=ok'),
      value(own, '{"id":17,"note":"', key, '"}'),
    ]),
    made(from.labelled, labelled, (name, key) => [
      value(labelled, `${name.toUpperCase()}=`, key),
      value(labelled, `${name}: "`, key, '"'),
    ]),
  ]);
}

/** A text of a shape such as `ghp_[0-9A-Za-z]{36}`. */
function madeOf(shape: string, random: Random): string {
  return shape.replaceAll(/\[([^\]]+)\]\{(\d+)\}/g, (_, signs: string, count: string) =>
    random.letters(alphabetOf(signs), Number(count)),
  );
}

function alphabetOf(signs: string): string {
  return signs.replaceAll(/(\w)-(\w)/g, (_, first: string, last: string) => {
    const from = first.charCodeAt(0);
    const length = last.charCodeAt(0) - from + 1;
    return Array.from({ length }, (__, index) => String.fromCharCode(from + index)).join('');
  });
}
