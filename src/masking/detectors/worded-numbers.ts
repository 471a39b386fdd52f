import type { DataClass } from '../data-classes.ts';
import { anyOf, contextWords, type ContextWords } from './context.ts';

const ACCOUNT = contextWords(
  'bank account|(?:account|acct|a/c)(?: number| no\\.?| nr\\.?| num| ?#)|bank acct|konto(?:nummer|nr\\.?)?|kto\\.?(?:-?nr\\.?)?',
  'num[eé]ro de compte|compte bancaire|cuenta bancaria|n[uú]mero de cuenta|conto corrente|rekening(?:nummer)?|bankkonto',
);
const RECORD = contextWords(
  'mrn|medical record(?: number| no\\.?)?|patient (?:id|number|no\\.?)|health (?:plan|insurance)(?: id| number| no\\.?)?|chart (?:number|no\\.?)',
  'member id|subscriber id|krankenversicherung(?:snummer)?|versichertennr|num[eé]ro d.assur[eé]|tarjeta sanitaria|policy holder',
);
const PASSPORT = contextWords(
  'passports?|reisepass(?:nummer)?|passeport|pasaporte|passaporto|paspoort|passaporte|паспорт|paszport|护照|パスポート',
);
const LICENCE = contextWords(
  "driv(?:er|ing|er's|ers) licen[cs]es?|dl ?(?:no\\.?|number|#|:)|f[uü]hrerschein(?:nummer)?|permis de conduire|rijbewijs",
  'patente(?: di guida)?|(?:carn[eé]|permiso) de conduc(?:ir|i[rt])|licencia de conducir|prawo jazdy|driving permit',
);

/** Numbers without a check digit: nothing but a word beside them says what they are. Any of several lengths. */
export const WORDED_NUMBERS: readonly {
  readonly class: DataClass;
  readonly least: number;
  readonly most: number;
  readonly words: ContextWords;
  readonly score: number;
}[] = [
  { class: 'bank_account', least: 7, most: 18, words: ACCOUNT, score: 75 },
  { class: 'health_id', least: 7, most: 14, words: RECORD, score: 75 },
  { class: 'passport', least: 7, most: 10, words: PASSPORT, score: 80 },
  { class: 'driving_licence', least: 7, most: 16, words: LICENCE, score: 75 },
];

/** Any of their words: one pattern spares most numbers four. */
export const ANY_WORDS = anyOf(WORDED_NUMBERS.map(({ words }) => words));
