import { crowded, searchedAgain } from './crowded.ts';
import type { Aid, Candidate } from './detectors/detector.ts';
import { embeddedJson, mayOpenJson } from './embedded-json.ts';
import { spacesOfForm } from './form.ts';
import { NO_PATHS, type Positions } from './paths.ts';
import { HAS_BRACE, HAS_EQUALS, HAS_PLUS, scan, signsOfLast } from './scan.ts';
import { settle, type Span } from './settle.ts';
import { redacted, transformed } from './strategies.ts';
import { UNREADABLE } from './data-classes.ts';
import { anyBlocks, didTo, ruleOf, type Did, type View } from './view.ts';

/** A text that was searched. */
export interface MaskedString {
  readonly text: string;
  /** In order, without overlaps; offsets into the text as it was. */
  readonly spans: readonly Span[];
}

/** Nothing shorter is a value of any class: `a@b.co`, and the shortest national telephone number has seven digits. */
const SHORTEST = 6;

/** A value next to a value may only show itself once the first is gone. More rounds than this no text needs. */
const ROUNDS = 4;

/** How often text may hold JSON that holds text that holds JSON. */
const NESTED = 6;

export interface Place {
  readonly assumeContext: boolean;
  /** How many texts this one is nested in. */
  readonly nested: number;
}

/** A text of its own, in which a number needs a word to be what it could be. */
export const PLAIN: Place = { assumeContext: false, nested: 0 };

/**
 * Masks what is found in a text; null where nothing is, as in most.
 *
 * @param paths those that lead through JSON in the text.
 */
export function maskString(
  text: string,
  place: Place,
  view: View,
  paths: Positions = NO_PATHS,
): MaskedString | null {
  if (text.length < SHORTEST && !view.literal) return null;
  const aid = aidOf(place, view);
  let found = scan(text, aid);
  const signs = signsOfLast();
  const json =
    (signs & HAS_BRACE) !== 0 || mayOpenJson(text)
      ? embeddedJson(text, view, paths, (inner, below) => maskNested(inner, place, view, below))
      : null;
  const form = (signs & FORM) === FORM ? spacesOfForm(text) : null;
  if (form !== null) found = [...found, ...scan(form, aid)];
  const { detectors } = view;
  const own = detectors.length === 0 ? NONE : detectors.flatMap((detector) => detector.find(text, aid));
  if (found.length === 0 && own.length === 0 && json === null) return null;
  let spans = spansOf(text, own.length === 0 ? found : [...found, ...own], view);
  if (json !== null) spans = [...spans, ...json.spans];
  if (spans.length === 0) return null;
  spans = settle(spans);
  for (let round = 0; spans.some((span) => crowded(text, span)); round++) {
    if (round === ROUNDS)
      return { text: redacted(UNREADABLE), spans: [{ ...wholeOf(text), class: UNREADABLE }] };
    const more = unknownOf(spansOf(text, searchedAgain(text, spans, aid), view), spans);
    if (more.length === 0) break;
    spans = settle([...spans, ...more]);
  }
  const quoted = json === null ? spans : quotedNumbers(spans, json.numbers);
  return { text: applied(text, quoted), spans };
}

const FORM = HAS_PLUS | HAS_EQUALS;
const NONE: readonly Candidate[] = [];

/** That of the last text: the cells of a result all have the same. Holds one view, until the next. */
let last: { readonly place: Place; readonly view: View; readonly aid: Aid } | null = null;

export function aidOf(place: Place, view: View): Aid {
  if (last?.view === view && last.place === place) return last.aid;
  const { phoneRegions, classesOfName } = view.rules;
  const aid: Aid = {
    assumeContext: place.assumeContext,
    phoneRegions,
    budget: view.budget,
    shown: view.unmasked,
    blocks: anyBlocks(view.classes),
    classesOfName,
    search: (decoded) => gravest(maskNested(decoded, place, view)),
  };
  last = { place, view, aid };
  return aid;
}

function maskNested(
  text: string,
  place: Place,
  view: View,
  paths: Positions = NO_PATHS,
): MaskedString | null {
  if (place.nested < NESTED) return maskString(text, { ...place, nested: place.nested + 1 }, view, paths);
  return { text: redacted(UNREADABLE), spans: [{ ...wholeOf(text), class: UNREADABLE }] };
}

/** What stands for a decoded text: whatever may not be shown comes first. */
function gravest(masked: MaskedString | null): { readonly class: string; readonly score: number } | null {
  const spans = masked?.spans ?? [];
  return spans.find(({ did }) => did !== 'shown') ?? spans[0] ?? null;
}

/** A span over a whole text, redacted. */
export function wholeOf(text: string): Omit<Span, 'class'> {
  return { start: 0, end: text.length, score: 100, did: 'redact', made: null, instead: null, inside: null };
}

function spansOf(text: string, candidates: readonly Candidate[], view: View): readonly Span[] {
  const spans: Span[] = [];
  for (const { class: dataClass, start, end, score } of candidates) {
    const rule = ruleOf(view, dataClass);
    if (score < rule.threshold) continue;
    const { strategy } = rule;
    let did: Did = 'shown';
    let made: string | null = null;
    if (view.unmasked.has(dataClass)) did = 'shown';
    else if (strategy === 'redact' || strategy === 'block') did = strategy;
    else {
      made = transformed(dataClass, strategy, text.slice(start, end), view.pseudonyms);
      did = didTo(dataClass, strategy, made);
    }
    spans.push({ class: dataClass, start, end, score, did, made, instead: null, inside: null });
  }
  return spans;
}

/** Spans that are not among the known: what is shown is found again. */
function unknownOf(spans: readonly Span[], known: readonly Span[]): readonly Span[] {
  const keys = new Set(known.map(keyOf));
  return spans.filter((span) => !keys.has(keyOf(span)));
}

function keyOf({ class: dataClass, start, end }: Span): string {
  return `${start} ${end} ${dataClass}`;
}

/** A number in JSON text becomes a string: quotes around it keep the JSON readable. Both lists are in order. */
function quotedNumbers(
  spans: readonly Span[],
  numbers: readonly (readonly [number, number])[],
): readonly Span[] {
  let next = 0;
  return spans.map((span) => {
    // What stands under a key is quoted already.
    if (span.did === 'shown' || span.instead !== null) return span;
    while ((numbers[next]?.[1] ?? Number.POSITIVE_INFINITY) < span.end) next++;
    const [start, end] = numbers[next] ?? [span.end, span.end];
    if (start > span.start) return span;
    return { ...span, start, end, instead: JSON.stringify(redacted(span.class)) };
  });
}

function applied(text: string, spans: readonly Span[]): string {
  let masked = '';
  let from = 0;
  for (const span of spans) {
    if (span.did === 'shown') continue;
    // Two values in one number token were widened to the same token.
    if (span.start < from) continue;
    masked += text.slice(from, span.start) + (span.instead ?? span.made ?? redacted(span.class));
    from = span.end;
  }
  return from === 0 ? text : masked + text.slice(from);
}
