import { UNREADABLE } from './data-classes.ts';
import { redacted } from './strategies.ts';
import type { MaskedString } from './mask-string.ts';
import type { Span } from './settle.ts';
import { ruleOf, type View } from './view.ts';

/** What the JSON inside a text adds to what a search of the text finds. */
export interface EmbeddedJson {
  readonly spans: readonly Span[];
  /** Number tokens long enough to hold a value: start and end. */
  readonly numbers: readonly (readonly [number, number])[];
}

type MaskInner = (text: string) => MaskedString | null;

/** Deeper, the rest of the text is redacted. */
const DEEPEST = 128;

/**
 * Reads JSON inside a text: whole, in the middle of a log line, several in a row, or cut off by a limit, which is why
 * it is a tolerant reader and not `JSON.parse`. It masks what stands under a key that names a class, and looks into
 * strings with escapes; everything else the search of the raw text finds. Edits are made in place, so that numbers of
 * any size and the second of two equal keys neither get lost nor get by. Null where the text holds no JSON.
 */
export function embeddedJson(text: string, view: View, maskInner: MaskInner): EmbeddedJson | null {
  let from = nextJson(text, 0);
  if (from === -1) return null;
  const reader: Reader = { text, view, maskInner, spans: [], numbers: [] };
  while (from !== -1) from = nextJson(text, readDocument(reader, from));
  return reader;
}

interface Reader extends EmbeddedJson {
  readonly text: string;
  readonly view: View;
  readonly maskInner: MaskInner;
  readonly spans: Span[];
  readonly numbers: [number, number][];
}

/** At the start any JSON value that can hold others, behind it objects: `[1]` in prose is a footnote. */
const AT_START = /^\s{0,64}(?:\{\s{0,64}["}]|\[\s{0,64}["{[\]\-0-9tfn]|")/;
const OBJECT = /\{\s{0,64}"/g;

function nextJson(text: string, from: number): number {
  if (from === 0 && opens(text.charCodeAt(0)) && AT_START.test(text)) return text.search(/[{["]/);
  if (!text.includes('{', from)) return -1;
  OBJECT.lastIndex = from;
  return OBJECT.exec(text)?.index ?? -1;
}

/** `{`, `[`, `"` or space: spares most texts the pattern. */
function opens(code: number): boolean {
  return code === 123 || code === 91 || code === QUOTE || code <= 32;
}

interface Level {
  readonly object: boolean;
  /** Classes of the key that the whole level stands under. */
  readonly inherited: readonly string[];
  classes: readonly string[];
  expectsKey: boolean;
}

/** Reads one document from `from` on and returns where it ends. */
function readDocument(reader: Reader, from: number): number {
  const { text } = reader;
  const levels: Level[] = [];
  /** Where an object began that is redacted whole, and how deep that was. */
  let whole: {
    readonly start: number;
    readonly depth: number;
    readonly classes: readonly string[];
  } | null = null;
  let index = from;
  while (index < text.length) {
    const level = levels.at(-1);
    const character = text[index] ?? '';
    if (character === '{' || character === '[') {
      const classes = level?.classes ?? [];
      if (character === '{' && whole === null && isMasked(reader.view, classes))
        whole = { start: index, depth: levels.length, classes };
      if (levels.length === DEEPEST) {
        reader.spans.push(
          spanOf(
            reader,
            UNREADABLE,
            whole?.start ?? index,
            text.length,
            JSON.stringify(redacted(UNREADABLE)),
          ),
        );
        return text.length;
      }
      const object = character === '{';
      levels.push({
        object,
        inherited: object ? [] : classes,
        classes: object ? [] : classes,
        expectsKey: object,
      });
      index++;
    } else if (character === '}' || character === ']') {
      levels.pop();
      index++;
      if (whole !== null && levels.length === whole.depth) {
        pushMasked(reader, whole.classes, whole.start, index);
        whole = null;
      }
      if (levels.length === 0) return index;
    } else if (character === ',' || character === ':') {
      if (level !== undefined) {
        level.expectsKey = character === ',' && level.object;
        if (character === ',') level.classes = level.inherited;
      }
      index++;
    } else if (character === '"') {
      const end = stringEnd(text, index);
      if (level?.expectsKey === true) {
        level.classes = reader.view.rules.classesOfName(unescaped(text.slice(index + 1, end - 1)));
        if (text.slice(index, end).includes('\\')) readString(reader, index, end, []);
      } else if (whole === null) readString(reader, index, end, level?.classes ?? []);
      index = end;
      if (levels.length === 0) return index;
    } else if (/\s/.test(character)) index++;
    else {
      const end = scalarEnd(text, index);
      if (whole === null) readScalar(reader, index, end, level?.classes ?? []);
      index = end;
    }
  }
  if (whole !== null) pushMasked(reader, whole.classes, whole.start, text.length);
  return text.length;
}

function readString(reader: Reader, start: number, end: number, classes: readonly string[]): void {
  const raw = reader.text.slice(start + 1, Math.max(start + 1, end - 1));
  if (classes.length > 0 && !reader.view.rules.placeholders.has(raw)) pushMasked(reader, classes, start, end);
  if (!raw.includes('\\') || isMasked(reader.view, classes)) return;
  const inner = reader.maskInner(unescaped(raw));
  if (inner === null) return;
  const shown = inner.spans.every((span) => span.did === 'shown');
  const did = shown ? 'shown' : inner.spans.some((span) => span.did === 'block') ? 'block' : 'redact';
  const [first] = inner.spans;
  reader.spans.push({
    ...spanOf(reader, first?.class ?? UNREADABLE, start, end, JSON.stringify(inner.text)),
    did,
    inside: inner.spans.map((span) => ({ ...span, start, end })),
  });
}

/** A number, `true`, `null`, or a word that JSON does not have. */
function readScalar(reader: Reader, start: number, end: number, classes: readonly string[]): void {
  const word = reader.text.slice(start, end);
  if (word === 'null' || word === 'true' || word === 'false') return;
  if (classes.length > 0) pushMasked(reader, classes, start, end);
  if (/^-?[0-9]{7}/.test(word)) reader.numbers.push([start, end]);
}

/** Under the key of a class a value is redacted whatever its strategy: nothing says that it is shaped as it should be. */
function pushMasked(reader: Reader, classes: readonly string[], start: number, end: number): void {
  const masked = classes.find((name) => !reader.view.unmasked.has(name));
  const [first] = classes;
  if (masked !== undefined) {
    const span = spanOf(reader, masked, start, end, JSON.stringify(redacted(masked)));
    reader.spans.push(ruleOf(reader.view, masked).strategy === 'block' ? { ...span, did: 'block' } : span);
  } else if (first !== undefined)
    reader.spans.push({ ...spanOf(reader, first, start, end, null), did: 'shown' });
}

function isMasked(view: View, classes: readonly string[]): boolean {
  return classes.some((name) => !view.unmasked.has(name));
}

function spanOf(reader: Reader, dataClass: string, start: number, end: number, instead: string | null): Span {
  // The end of a string that was cut off lies behind the text.
  const within = Math.min(end, reader.text.length);
  return { class: dataClass, start, end: within, score: 100, did: 'redact', instead, inside: null };
}

/** Behind the closing quote, or the end of a text that was cut off. */
function stringEnd(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === BACKSLASH) index++;
    else if (code === QUOTE) return index + 1;
  }
  return text.length + 1;
}

const BACKSLASH = 92;
const QUOTE = 34;

function scalarEnd(text: string, start: number): number {
  let index = start + 1;
  while (index < text.length && !'{}[],:" \t\r\n'.includes(text[index] ?? '')) index++;
  return index;
}

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** What a JSON string stands for, where escapes that JSON does not have stand for themselves. */
function unescaped(raw: string): string {
  if (!raw.includes('\\')) return raw;
  return raw.replaceAll(
    /\\(?:u([0-9a-fA-F]{4})|([^]))/g,
    (_, hex: string | undefined, sign: string | undefined) =>
      hex === undefined ? (ESCAPES[sign ?? ''] ?? sign ?? '') : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
