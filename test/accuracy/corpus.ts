import { createRandom, type Random } from './random.ts';
import { VALUE_WORDS, WORDED_VALUES } from './values-worded.ts';
import { VALUES as NUMBERED_VALUES, WORDS as NUMBER_WORDS, type MakeValue } from './values.ts';

const VALUES: Readonly<Record<string, MakeValue>> = { ...NUMBERED_VALUES, ...WORDED_VALUES };
const WORDS: Readonly<Record<string, readonly string[]>> = { ...NUMBER_WORDS, ...VALUE_WORDS };

/** A text and the values that stand in it. */
export interface Labelled {
  readonly text: string;
  readonly values: readonly { readonly kind: string; readonly start: number; readonly end: number }[];
}

/** Notes of support in several languages; `@` is where values go. */
const NOTES = [
  'Customer called about the late parcel. @ Please get back before Friday.',
  'Spoke to the caller today, verified details: @, then reset the order. Thanks!',
  'Kunde hat sich gemeldet wegen der Rechnung 2026-118. @ Bitte bis Montag erledigen.',
  'Das Paket kam beschädigt an; Angaben laut Formular: @, Rückgabe eingeleitet.',
  'La cliente a appelé pour sa commande. @ Merci de la rappeler demain matin.',
  'El cliente pide una devolución. @ Enviado al equipo de pagos el 14/03/2026.',
  'Il cliente segnala un addebito doppio. @ Verificare entro domani.',
  'Klant vroeg naar de levering; @ graag vandaag nog uitzoeken.',
  'Klient prosi o zwrot pieniędzy. @ Zamówienie nr 4471 zamknięte.',
  'ticket #88213 | agent: mlt | @ | status=open | prio=2',
];

/** Rows as a log, CSV or JSON has them. */
const ROWS = [
  'row=17 value=@ state=ok',
  '17,@,2026-03-14,ok',
  '{"id": 17, "note": "@", "ok": true}',
  'id\t17\t@\tok',
  '@',
];

function fill(template: string, kind: string, random: Random): Labelled {
  const value = VALUES[kind]?.(random) ?? '';
  const word = random.pick(WORDS[kind] ?? ['']);
  const start = template.indexOf('@') + word.length;
  return {
    text: template.replace('@', () => word + value),
    values: [{ kind, start, end: start + value.length }],
  };
}

export function notes(count: number, seed: number): readonly Labelled[] {
  const random = createRandom(seed);
  return Object.keys(VALUES).flatMap((kind) =>
    Array.from({ length: count }, () => fill(random.pick(NOTES), kind, random)),
  );
}

export function rows(count: number, seed: number): readonly Labelled[] {
  const random = createRandom(seed);
  return Object.keys(VALUES).flatMap((kind) =>
    Array.from({ length: count }, () => fill(random.pick(ROWS), kind, random)),
  );
}

const HEX = '0123456789abcdef';

/** What tables, logs and prose are full of and what is no value of any class. */
export function benign(count: number, seed: number): readonly string[] {
  const random = createRandom(seed);
  const hex = (length: number): string => random.letters(HEX, length);
  const two = (below: number): string => String(random.below(below)).padStart(2, '0');
  const makes: readonly (() => string)[] = [
    () => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`,
    () => hex(32),
    () => hex(40),
    () => `sha256:${hex(64)}`,
    () => `order ${random.digits(6 + random.below(7))} shipped`,
    () => `ORD-2026-${random.digits(6)}`,
    () => random.digits(8 + random.below(10)),
    () => `17${random.digits(11)}`,
    () => `2026-${two(12)}-${two(28)}T${two(24)}:${two(60)}:${two(60)}.${random.digits(3)}Z`,
    () =>
      `2026-0${1 + random.below(9)}-1${random.below(9)} ${two(24)}:${two(60)}:${two(60)},${random.digits(3)} INFO worker-${random.below(9)} took ${random.below(900)} ms`,
    () => `${random.below(90)}.${random.digits(6)},-${random.below(179)}.${random.digits(6)}`,
    () => `v${random.below(20)}.${random.below(40)}.${random.below(90)}-rc.${random.below(9)}`,
    () => `node ${random.below(30)}.${random.below(20)}.${random.below(9)}.${random.below(9)}`,
    () => `${random.digits(4)},${random.digits(2)} EUR`,
    () => `https://shop.example.com/p/${random.digits(9)}?ref=${hex(10)}`,
    () => `GET /api/v2/items/${random.digits(7)} 200 ${random.digits(4)} "curl/8.5.0"`,
    () => `SKU ${random.letters('ABCDEFGHJK', 3)}-${random.digits(5)}-${random.letters('ABC', 1)}`,
    () => `tracking ${random.letters('ABCDEFGHJK', 2)}${random.digits(9)}DE`,
    () => `10.${random.below(250)}.${random.below(250)}.${random.below(250)}:${1000 + random.below(8000)}`,
    () => `ISBN 978-3-16-${random.digits(6)}-${random.digits(1)}`,
    () => `commit ${hex(7)} fixes #${random.digits(4)}`,
    () => `trace=${hex(32)} span=${hex(16)}`,
    () => `EAN ${random.digits(13)}`,
    () => `VAT 19 % on invoice ${random.digits(9)}, due 30 days`,
    () => `plus TVA 20 %, facture ${random.digits(8)}`,
    () => `batch ${random.digits(3)} ${random.digits(3)} ${random.digits(3)} ${random.digits(2)}`,
    () =>
      `temperature ${random.below(40)}.${random.digits(2)}, pressure ${random.digits(4)}.${random.digits(1)}`,
    () =>
      `the invoice ${random.digits(4)}/${random.digits(5)} was paid on ${two(28)}.0${1 + random.below(9)}.2026`,
    () => `{"id":${random.digits(9)},"etag":"${hex(32)}","count":${random.digits(5)}}`,
    () => `${random.digits(5)}-${random.digits(4)}`,
    () => `user_${random.digits(10)} logged ${random.digits(3)} events`,
    () => random.letters('ABCDEFGHJKLMNPRSTUVWXYZ0123456789', 12),
  ];
  return Array.from({ length: count }, (_, index) => makes[index % makes.length]!());
}
