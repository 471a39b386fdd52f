import type { Json, JsonObject } from '../model/json.ts';
import { decodeBinary } from './binary.ts';
import { isWholeCard } from './detectors/payment-card.ts';
import { UNREADABLE } from './data-classes.ts';
import { maskString, PLAIN, wholeOf, type MaskedString, type Place } from './mask-string.ts';
import { maskAcrossBlocks, maskAcrossCells, type Across } from './seams.ts';
import type { Span } from './settle.ts';
import {
  classOfTorn,
  documentOf,
  isArray,
  isList,
  leftAlone,
  NOWHERE,
  pathsIn,
  standingOf,
  type Standing,
} from './standing.ts';
import { redacted, transformed, type Strategy } from './strategies.ts';
import { didTo, ruleOf, type View } from './view.ts';

/** JSON nested deeper is redacted from there on. */
const DEEPEST = 64;

/** One walk through a value. */
export interface Walk {
  readonly view: View;
  /** Told of everything that is found, while `path` says where. */
  readonly note: (span: Span) => void;
  /** Where the walk is: keys as they are after masking, and indexes. */
  readonly path: (string | number)[];
}

const HARD: Place = { assumeContext: true, nested: 0 };

/** The masked value: the very same where nothing was masked. Never changes what it is given. */
export function walk(value: Json, standing: Standing, state: Walk): Json {
  state.view.budget.nodes--;
  if (state.view.budget.nodes < 0) return unreadable(state);
  switch (typeof value) {
    case 'boolean':
    // Absent, as JSON.stringify has it: a driver or a test may leave one.
    case 'undefined':
      return value;
    case 'string':
      return walkText(value, standing, state);
    case 'number':
      return walkNumber(value, standing, state);
    case 'object':
      if (value === null) return value;
      if (state.path.length >= DEEPEST) return unreadable(state);
      return isArray(value) ? walkArray(value, standing, state) : walkObject(value, standing, state);
    case 'bigint':
    case 'function':
    case 'symbol':
      // No JSON. The types forbid it; a backend's library may not.
      return unreadable(state);
  }
}

/** `walk` for what is a text and stays one. */
export function walkText(text: string, standing: Standing, state: Walk): string {
  const dataClass = classToMask(standing, state.view);
  if (dataClass !== null) return maskClassed(text, dataClass, standing, state);
  const document = standing.anything || standing.torn.length > 0 ? documentOf(text) : undefined;
  const left = document === undefined || isList(document) ? classOfTorn(standing, state.view) : null;
  if (left !== null) return maskClassed(text, left, leftAlone(standing), state);
  if (standing.anything && document === undefined && !state.view.rules.placeholders.has(text))
    return unreadable(state);
  noteShown(text, standing, state);
  const masked = maskString(text, PLAIN, state.view, pathsIn(document ?? null, standing));
  if (masked === null) return text;
  noteAll(masked, standing, state);
  return masked.text;
}

/** Numbers under seven digits hold no value of any class. */
const SMALL = 1e6;

function walkNumber(value: number, standing: Standing, state: Walk): Json {
  const dataClass = classToMask(standing, state.view);
  if (dataClass !== null) return maskClassed(String(value), dataClass, standing, state);
  const left = classOfTorn(standing, state.view);
  if (left !== null) return maskClassed(String(value), left, leftAlone(standing), state);
  if (standing.classes.length > 0) noteShown(String(value), standing, state);
  if (Math.abs(value) < SMALL && !state.view.literal) return value;
  const masked = maskString(String(value), standing.anything ? HARD : PLAIN, state.view);
  if (masked === null) return value;
  noteAll(masked, standing, state);
  return masked.spans.every(({ did }) => did === 'shown') ? value : masked.text;
}

/** The elements of a list under `emails` are each a value of it. */
function walkArray(values: readonly Json[], standing: Standing, state: Walk): Json {
  let copy: Json[] | null = null;
  for (let index = 0; index < values.length; index++) {
    const value = values[index];
    if (value === undefined) continue;
    state.path.push(index);
    const masked = walk(value, standing, state);
    state.path.pop();
    if (masked === value) continue;
    copy ??= [...values];
    copy[index] = masked;
  }
  const across = acrossOf(null, state);
  return maskAcrossBlocks(maskAcrossCells(copy ?? values, values, across), values, across);
}

/** `keys` where what stands side by side are the members of an object. */
function acrossOf(keys: readonly string[] | null, state: Walk): Across {
  const note = (index: number, key: string | null, span: Span): void => {
    const steps = [keys?.[index] ?? index, ...(key === null ? [] : [key])];
    state.path.push(...steps);
    state.note(span);
    state.path.length -= steps.length;
  };
  return { view: state.view, note };
}

function walkObject(value: JsonObject, standing: Standing, state: Walk): Json {
  const dataClass = classToMask(standing, state.view);
  if (dataClass !== null) {
    const strategy = standing.strategy ?? ruleOf(state.view, dataClass).strategy;
    const masked = strategy === 'drop' ? '' : redacted(dataClass);
    state.note({ ...wholeOf(''), class: dataClass, did: didTo(dataClass, strategy, masked) });
    return masked;
  }
  // A Date or an object of a class serializes to something other than what a walk would see.
  if (!isPlain(value)) return unreadable(state);
  noteShown('', standing, state);
  const bytes = value['base64'];
  if (typeof bytes === 'string' && Object.keys(value).length === 1) {
    const masked = walkBinary(bytes, standing, state);
    if (masked !== null) return masked === bytes ? value : masked;
  }
  const through = pathsIn(value, standing);
  let changed = false;
  const entries: [string, Json][] = [];
  const taken = new Set<string>();
  for (const [key, inner] of Object.entries(value)) {
    const name = unique(maskKey(key, state), taken);
    state.path.push(name);
    const masked = walk(inner, standingOf(key, through, standing, state.view), state);
    state.path.pop();
    entries.push([name, masked]);
    changed ||= name !== key || masked !== inner;
  }
  const values = entries.map(([, inner]) => inner);
  const across = maskAcrossCells(values, Object.values(value), acrossOf([...taken], state));
  // `fromEntries` defines, so that a key `__proto__` stays a key.
  if (across === values) return changed ? Object.fromEntries(entries) : value;
  return Object.fromEntries(entries.map(([name], index) => [name, across[index] ?? null]));
}

/** A key can be a value: `{"ann@example.com": 3}`. */
function maskKey(key: string, state: Walk): string {
  const masked = maskString(key, PLAIN, state.view);
  if (masked === null) return key;
  state.path.push(masked.text);
  noteAll(masked, NOWHERE, state);
  state.path.pop();
  return masked.text;
}

/** Two keys that became one placeholder are numbered, so that neither value is lost. */
function unique(key: string, taken: Set<string>): string {
  let name = key;
  for (let count = 2; taken.has(name); count++) name = `${key} (${count})`;
  taken.add(name);
  return name;
}

/**
 * Bytes that are text are searched as text and written back as bytes. Bytes that are not can't be searched, and leave
 * only where the tool's declaration says so and policy unmasks `binary`. Null where it is no base64: then it is an ordinary object.
 */
function walkBinary(base64: string, standing: Standing, state: Walk): Json {
  const bytes = decodeBinary(base64);
  if (bytes === null) return null;
  if (bytes.text === null) {
    const shown = standing.bytes && state.view.unmasked.has('binary');
    state.note({ ...wholeOf(base64), class: 'binary', did: shown ? 'shown' : 'redact' });
    return shown ? base64 : redacted('binary');
  }
  const inner = maskString(bytes.text, PLAIN, state.view);
  const outer = maskString(base64, PLAIN, state.view);
  if (inner === null && outer === null) return base64;
  for (const masked of [inner, outer]) if (masked !== null) noteAll(masked, standing, state);
  if (outer !== null && outer.text !== base64) return redacted('binary');
  if (inner === null || inner.text === bytes.text) return base64;
  return { base64: Buffer.from(inner.text, 'utf8').toString('base64') };
}

/**
 * The class for which a value is masked because of where it stands; null where there is none, or policy shows all. One that
 * blocks the result does so whatever else the value may be.
 */
function classToMask(standing: Standing, view: View): string | null {
  if (standing.classes.length === 0) return null;
  const masked = standing.classes.filter((name) => !view.unmasked.has(name));
  return masked.find((name) => ruleOf(view, name).strategy === 'block') ?? masked[0] ?? null;
}

function maskClassed(text: string, dataClass: string, standing: Standing, state: Walk): string {
  if (state.view.rules.placeholders.has(text)) return text;
  const strategy = standing.strategy ?? ruleOf(state.view, dataClass).strategy;
  const whole = WHOLE.includes(strategy);
  const keeps = whole || (standing.mayKeep && isShapedAs(text, dataClass, state.view));
  const masked = keeps ? transformed(dataClass, strategy, text, state.view.pseudonyms) : redacted(dataClass);
  state.note({ ...wholeOf(text), class: dataClass, did: didTo(dataClass, strategy, masked) });
  return masked;
}

/**
 * Strategies that leave nothing of a value, so that it does not matter what stands there. To read it all the same was 9 of the
 * 44 µs that a result of 2 KB took, four of whose columns are redacted.
 */
const WHOLE: readonly Strategy[] = ['redact', 'block', 'drop', 'tokenise', 'tokenise_reversibly'];

/** Of classes that by their value are found beside a word only. */
const SHAPES: Readonly<Record<string, RegExp>> = {
  bank_account: /^[0-9][0-9 .-]{10,32}[0-9]$/,
  date_of_birth:
    /^(?:[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}(?:[T ]00:00[0-9:.Z+]{0,16})?|[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{4})$/,
  ip_address: /^(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}|(?=.*:.*:)[0-9a-fA-F:]{3,39})$/,
};

/** A note in the column of a card is no card, and its last four characters are nobody's to show. */
function isShapedAs(text: string, dataClass: string, view: View): boolean {
  const shape = SHAPES[dataClass];
  if (shape !== undefined) return shape.test(text);
  // The gravest class there is: nothing else can be found in its place.
  if (dataClass === 'payment_card' && isWholeCard(text)) return true;
  const masked = maskString(text.trim(), HARD, { ...view, unmasked: new Set() });
  const [only] = masked?.spans ?? [];
  return only?.class === dataClass && only.start === 0 && only.end === text.trim().length;
}

/** A value that stands under a class which policy shows is on the report. */
function noteShown(text: string, { classes }: Standing, state: Walk): void {
  for (const name of classes) state.note({ ...wholeOf(text), class: name, did: 'shown' });
}

function noteAll(masked: MaskedString, { classes }: Standing, state: Walk): void {
  for (const span of masked.spans)
    if (span.inside === null) noteOne(span, classes, state);
    else for (const one of span.inside) noteOne(one, classes, state);
}

function noteOne(span: Span, classes: readonly string[], state: Walk): void {
  if (!(span.did === 'shown' && classes.includes(span.class))) state.note(span);
}

function unreadable(state: Walk): string {
  state.note({ ...wholeOf(''), class: UNREADABLE });
  return redacted(UNREADABLE);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
