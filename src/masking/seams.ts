import type { Json, JsonObject } from '../model/json.ts';
import { isAtEdge, mayEndInside, runningOver } from './detectors/running-over.ts';
import { aidOf, maskString, PLAIN, wholeOf } from './mask-string.ts';
import type { Span } from './settle.ts';
import { redacted } from './strategies.ts';
import { ruleOf, type View } from './view.ts';

/** A part of a value that is spread over several texts: where it stands in one of them. */
interface Part {
  readonly index: number;
  readonly start: number;
  readonly end: number;
  readonly class: string;
}

export interface Across {
  readonly view: View;
  /** Told of each part that is masked: which of them, the key inside of it or null, and what. */
  readonly note: (index: number, key: string | null, span: Span) => void;
}

/**
 * Cards and IBANs that begin in one cell and end in the next. Takes what is masked already, for a placeholder is the end
 * of what stands before it; gives back the very same where nothing runs over. Rows are not read on into the next: what
 * stands below a cell is another one's.
 */
export function maskAcrossCells(
  cells: readonly Json[],
  originals: readonly Json[],
  across: Across,
): readonly Json[] {
  let masked = cells;
  for (let index = 1; index < cells.length; index++) {
    // What was masked at its edge ends in a bracket, so it is enough to look at what it was.
    const left = originals[index - 1];
    const right = originals[index];
    if (typeof right !== 'string' || typeof left !== 'string') continue;
    if (!isAtEdge(right, 0) || !mayEndInside(left)) continue;
    const aid = aidOf(PLAIN, across.view);
    if (runningOver(left, left.length, right, 0, aid) === null) continue;
    const before = masked[index - 1];
    const after = cells[index];
    if (typeof before !== 'string' || typeof after !== 'string') continue;
    const found = runningOver(before, before.length, after, 0, aid);
    if (found === null || across.view.unmasked.has(found.class)) continue;
    masked = masked
      .with(index - 1, cut(before, { ...found, index: index - 1, end: before.length }, originals, across))
      .with(index, cut(after, { ...found, index, start: 0 }, originals, across));
  }
  return masked;
}

/** Longer texts are read where they meet others. */
const LONG = 1_024;
const EDGE = 512;
/** Ends every value: a reader of JSON or of a placeholder stops there, too. */
const GAP = ']\n[';

/**
 * Values of all classes that are spread over texts which are read one after the other, as the blocks of a message of MCP or
 * the Messages API are (`{ "type": "text", "text": … }`): run together, as a stream is cut, and with a space, as they are
 * read. Takes and gives what `maskAcrossCells` does.
 */
export function maskAcrossBlocks(
  values: readonly Json[],
  originals: readonly Json[],
  across: Across,
): readonly Json[] {
  let copy: Json[] | null = null;
  for (let from = 0; from < values.length; from++) {
    const texts: string[] = [];
    for (let text = textOf(values[from]); text !== null; text = textOf(values[from + texts.length]))
      texts.push(text);
    if (texts.length > 1) {
      copy ??= [...values];
      maskRun(texts, from, copy, originals, across);
    }
    from += texts.length;
  }
  return copy?.some((value, index) => value !== values[index]) === true ? copy : values;
}

/** A run of texts that begins at an index: changes their blocks. */
function maskRun(
  texts: readonly string[],
  from: number,
  blocks: Json[],
  originals: readonly Json[],
  across: Across,
): void {
  const before = texts.map((_, index) => textOf(originals[from + index]) ?? '');
  const note: Across['note'] = (index, _, span) => across.note(from + index, 'text', span);
  const inTexts = { ...across, note };
  const masked = ['', ' '].reduce((all, joint) => maskJoined(all, joint, before, inTexts), texts);
  for (const [index, text] of masked.entries()) {
    const block = blocks[from + index];
    if (text !== texts[index] && isBlock(block)) blocks[from + index] = { ...block, text };
  }
}

function textOf(value: Json | undefined): string | null {
  return isBlock(value) && typeof value['text'] === 'string' ? value['text'] : null;
}

function isBlock(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'text';
}

interface Piece {
  readonly index: number;
  /** Where it begins in its text, and in what is joined. */
  readonly from: number;
  readonly at: number;
  readonly length: number;
}

function maskJoined(
  texts: readonly string[],
  joint: string,
  originals: readonly string[],
  across: Across,
): readonly string[] {
  const { joined, pieces } = join(texts, joint);
  const masked = maskString(joined, PLAIN, across.view);
  if (masked === null) return texts;
  const parts = masked.spans.filter(({ did }) => did !== 'shown').flatMap((span) => partsOf(span, pieces));
  if (parts.length === 0) return texts;
  return texts.map((text, index) =>
    parts
      .filter((part) => part.index === index)
      .toReversed()
      .reduce((rest, part) => cut(rest, part, originals, across), text),
  );
}

function join(
  texts: readonly string[],
  joint: string,
): { readonly joined: string; readonly pieces: readonly Piece[] } {
  let joined = '';
  const pieces: Piece[] = [];
  const add = (index: number, from: number, text: string): void => {
    pieces.push({ index, from, at: joined.length, length: text.length });
    joined += text;
  };
  for (const [index, text] of texts.entries()) {
    if (index > 0) joined += joint;
    if (text.length <= LONG) add(index, 0, text);
    else {
      add(index, 0, text.slice(0, EDGE));
      joined += GAP;
      add(index, text.length - EDGE, text.slice(-EDGE));
    }
  }
  return { joined, pieces };
}

/**
 * In order. What stands in one text alone may be known by a word in another; where the text is cut off, it may also only
 * look like something.
 */
function partsOf(span: Span, pieces: readonly Piece[]): readonly Part[] {
  const parts = pieces
    .filter(({ at, length }) => span.start < at + length && span.end > at)
    .map(({ index, from, at, length }) => ({
      index,
      start: from + Math.max(0, span.start - at),
      end: from + Math.min(length, span.end - at),
      class: span.class,
    }));
  const [first] = parts;
  const cutOff = pieces.some(({ index, from }) => index === first?.index && from > 0);
  return cutOff && parts.every(({ index }) => index === first?.index) ? [] : parts;
}

/** Nothing is kept of a part: what its strategy keeps of the whole is not for one of them. */
function cut(text: string, part: Part, originals: readonly Json[], across: Across): string {
  const { index, start, end, class: of } = part;
  const did = ruleOf(across.view, of).strategy === 'block' ? 'block' : 'redact';
  const original = originals[index];
  // Offsets count in the text as it was: what is masked before a part at the end has changed its length.
  const shift = typeof original === 'string' && start > 0 ? original.length - text.length : 0;
  across.note(index, null, { ...wholeOf(text), class: of, start: start + shift, end: end + shift, did });
  return text.slice(0, start) + redacted(of) + text.slice(end);
}
