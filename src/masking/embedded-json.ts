import { UNREADABLE } from './data-classes.ts';
import { redacted } from './strategies.ts';
import type { MaskedString } from './mask-string.ts';
import { follow, NO_PATHS, type Positions } from './paths.ts';
import type { Span } from './settle.ts';
import { ruleOf, type View } from './view.ts';

/** What the JSON inside a text adds to what a search of the text finds. */
export interface EmbeddedJson {
  readonly spans: readonly Span[];
  /** Number tokens long enough to hold a value: start and end. */
  readonly numbers: readonly (readonly [number, number])[];
}

type MaskInner = (text: string, paths: Positions) => MaskedString | null;

/** Deeper, the rest of the text is redacted. */
const DEEPEST = 128;

/**
 * Reads JSON inside a text: whole, in the middle of a log line, several in a row, or cut off by a limit, which is why
 * it is a tolerant reader and not `JSON.parse`. It masks what stands under a key that names a class, and looks into
 * strings with escapes; everything else the search of the raw text finds. Edits are made in place, so that numbers of
 * any size and the second of two equal keys neither get lost nor get by. Null where the text holds no JSON.
 */
export function embeddedJson(
  text: string,
  view: View,
  paths: Positions,
  maskInner: MaskInner,
): EmbeddedJson | null {
  let from = nextJson(text, 0);
  if (from === -1) return null;
  const root = { ...NOTHING, paths };
  const reader: Reader = { text, view, root, maskInner, spans: [], numbers: [] };
  while (from !== -1) from = nextJson(text, readDocument(reader, from));
  return reader;
}

interface Reader extends EmbeddedJson {
  readonly text: string;
  readonly view: View;
  readonly root: Stands;
  readonly maskInner: MaskInner;
  readonly spans: Span[];
  readonly numbers: [number, number][];
}

/** At the start any JSON value that can hold others, behind it objects: `[1]` in prose is a footnote. */
const AT_START = /^\s{0,64}(?:\{\s{0,64}["}]|\[\s{0,64}["{[\]\-0-9tfn]|")/;
const OBJECT = /\{\s{0,64}"/g;

function nextJson(text: string, from: number): number {
  if (from === 0 && mayOpenJson(text) && AT_START.test(text)) return text.search(/[{["]/);
  if (!text.includes('{', from)) return -1;
  OBJECT.lastIndex = from;
  return OBJECT.exec(text)?.index ?? -1;
}

/** Whether a text begins with `{`, `[`, `"` or space: spares most texts the pattern. */
export function mayOpenJson(text: string): boolean {
  const code = text.charCodeAt(0);
  return code === 123 || code === 91 || code === QUOTE || code <= 32;
}

/** What is known of a value from where it stands. */
interface Stands {
  readonly classes: readonly string[];
  /** The paths that lead through it. */
  readonly paths: Positions;
  /** Whether one that ends here says that the value blocks the result. */
  readonly blocks: boolean;
}

const NOTHING: Stands = { classes: [], paths: NO_PATHS, blocks: false };

interface Level {
  readonly object: boolean;
  /** The paths that lead through the object. */
  readonly through: Positions;
  /** Of each element of a list: what is known of the list. */
  readonly inherited: Stands;
  stands: Stands;
  expectsKey: boolean;
}

function underKey(reader: Reader, key: string, through: Positions): Stands {
  const named = reader.view.rules.classesOfName(key);
  if (through.length === 0) return named.length === 0 ? NOTHING : { ...NOTHING, classes: named };
  const { ending, paths } = follow(through, key);
  const classes = [...new Set([...ending.map(({ class: of }) => of), ...named])];
  return { classes, paths, blocks: ending.some(({ strategy }) => strategy === 'block') };
}

/** Reads one document from `from` on and returns where it ends. */
function readDocument(reader: Reader, from: number): number {
  const { text } = reader;
  const levels: Level[] = [];
  /** Where an object began that is redacted whole, and how deep that was. */
  let whole: {
    readonly start: number;
    readonly depth: number;
    readonly stands: Stands;
  } | null = null;
  let index = from;
  while (index < text.length) {
    const level = levels.at(-1);
    const character = text[index] ?? '';
    if (character === '{' || character === '[') {
      const stands = level?.stands ?? reader.root;
      if (character === '{' && whole === null && isMasked(reader.view, stands.classes))
        whole = { start: index, depth: levels.length, stands };
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
        through: stands.paths,
        inherited: object ? NOTHING : stands,
        stands: object ? NOTHING : stands,
        expectsKey: object,
      });
      index++;
    } else if (character === '}' || character === ']') {
      levels.pop();
      index++;
      if (whole !== null && levels.length === whole.depth) {
        pushMasked(reader, whole.stands, whole.start, index);
        whole = null;
      }
      if (levels.length === 0) return index;
    } else if (character === ',' || character === ':') {
      if (level !== undefined) {
        level.expectsKey = character === ',' && level.object;
        if (character === ',') level.stands = level.inherited;
      }
      index++;
    } else if (character === '"') {
      const end = stringEnd(text, index);
      if (level?.expectsKey === true) {
        level.stands = underKey(reader, unescaped(text.slice(index + 1, end - 1)), level.through);
        if (text.slice(index, end).includes('\\')) readString(reader, index, end, NOTHING);
      } else if (whole === null) readString(reader, index, end, level?.stands ?? reader.root);
      index = end;
      if (levels.length === 0) return index;
    } else if (/\s/.test(character)) index++;
    else {
      const end = scalarEnd(text, index);
      if (whole === null) readScalar(reader, index, end, level?.stands ?? reader.root);
      index = end;
    }
  }
  if (whole !== null) pushMasked(reader, whole.stands, whole.start, text.length);
  return text.length;
}

function readString(reader: Reader, start: number, end: number, stands: Stands): void {
  const { classes, paths } = stands;
  const raw = reader.text.slice(start + 1, Math.max(start + 1, end - 1));
  if (classes.length > 0 && !reader.view.rules.placeholders.has(raw)) pushMasked(reader, stands, start, end);
  if (!raw.includes('\\') || isMasked(reader.view, classes)) return;
  const inner = reader.maskInner(unescaped(raw), paths);
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
function readScalar(reader: Reader, start: number, end: number, stands: Stands): void {
  const word = reader.text.slice(start, end);
  if (word === 'null' || word === 'true' || word === 'false') return;
  if (stands.classes.length > 0) pushMasked(reader, stands, start, end);
  if (/^-?[0-9]{7}/.test(word)) reader.numbers.push([start, end]);
}

/** Under the key of a class a value is redacted whatever its strategy: nothing says that it is shaped as it should be. */
function pushMasked(reader: Reader, { classes, blocks }: Stands, start: number, end: number): void {
  const { view } = reader;
  const masked = classes.filter((name) => !view.unmasked.has(name));
  const blocked = masked.find((name) => ruleOf(view, name).strategy === 'block');
  const name = blocked ?? masked[0];
  const [first] = classes;
  if (name !== undefined) {
    const span = spanOf(reader, name, start, end, JSON.stringify(redacted(name)));
    reader.spans.push(blocked !== undefined || blocks ? { ...span, did: 'block' } : span);
  } else if (first !== undefined)
    reader.spans.push({ ...spanOf(reader, first, start, end, null), did: 'shown' });
}

function isMasked(view: View, classes: readonly string[]): boolean {
  return classes.some((name) => !view.unmasked.has(name));
}

function spanOf(reader: Reader, dataClass: string, start: number, end: number, instead: string | null): Span {
  // The end of a string that was cut off lies behind the text.
  const within = Math.min(end, reader.text.length);
  return {
    class: dataClass,
    start,
    end: within,
    score: 100,
    did: 'redact',
    made: null,
    instead,
    inside: null,
  };
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
