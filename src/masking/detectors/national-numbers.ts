import type { DataClass } from '../data-classes.ts';
import { isAnyVatOfDigits, VAT_NUMBER_WORDS } from './vat.ts';
import { isDay, luhn, two, ean, mod11And10, verhoeff } from './checksums.ts';
import { contextWords, type ContextWords } from './context.ts';
import {
  aba,
  afm,
  anything,
  austrian,
  baltic,
  belgian,
  bsn,
  bulgarian,
  chinese,
  cnpj,
  cpf,
  czech,
  danish,
  ecuadorian,
  ein,
  hungarianTax,
  inn,
  ird,
  israeli,
  itin,
  japanese,
  korean,
  latvian,
  malaysian,
  medicare,
  mod11,
  nhs,
  nir,
  norwegian,
  pesel,
  romanian,
  rut,
  snils,
  southAfrican,
  steuerId,
  swedish,
  taj,
  tfn,
  thai,
  turkish,
  ukrainian,
  yugoslav,
} from './national-checks.ts';

/** A number of digits alone that an authority gives to a person or a business. */
export interface NationalNumber {
  readonly class: DataClass;
  /** ISO 3166 country and the name of the number. */
  readonly name: string;
  readonly length: number;
  readonly check: (digits: string) => boolean;
  /** Words that say what it is. */
  readonly words: ContextWords;
  /** Layout with separators that says it too, `d` for a digit, and the score that a number so written has alone. */
  readonly layout?: string;
  readonly alone?: number;
  /** Score of the bare digits alone; without it they need a word or a column. */
  readonly bare?: number;
}

const TAX =
  'tax ?(?:id|no\\.?|number|code)|taxpayer(?: id| no\\.?| number)?|tin|steuernummer|numéro fiscal|codice fiscale';
const ID = 'national id|id (?:number|no|card)|identity|identification|identifier|citizen';

function row(
  dataClass: DataClass,
  name: string,
  length: number,
  check: (digits: string) => boolean,
  words: string,
  scores: Pick<NationalNumber, 'layout' | 'alone' | 'bare'> = {},
): NationalNumber {
  return { class: dataClass, name, length, check, words: contextWords(words), ...scores };
}

/** One row a number. Where several of a length fit, the one with the highest score counts. */
export const NATIONAL_NUMBERS: readonly NationalNumber[] = [
  row('national_id', 'PL PESEL', 11, pesel, 'pesel|' + ID),
  row('national_id', 'BR CPF', 11, cpf, 'cpf|' + ID, { layout: 'ddd.ddd.ddd-dd', alone: 85 }),
  row('tax_id', 'BR CNPJ', 14, cnpj, 'cnpj|' + TAX, { layout: 'dd.ddd.ddd/dddd-dd', alone: 85 }),
  row(
    'tax_id',
    'DE Steuer-ID',
    11,
    steuerId,
    'steuer-?id|steuer ?id|idnr|id-?nr|steuerliche|identifikationsnummer|steueridentifikationsnummer|tin|' +
      TAX,
  ),
  row('national_id', 'NL BSN', 9, bsn, 'bsn|burgerservicenummer|sofi(?:nummer)?'),
  row(
    'national_id',
    'BE national register number',
    11,
    belgian,
    'rijksregister(?:nummer)?|registre national|nationaal nummer|niss|insz|nrn|numéro national|' + ID,
    { layout: 'dd.dd.dd-ddd.dd', alone: 85 },
  ),
  row(
    'national_id',
    'FR NIR',
    15,
    nir,
    'nir|insee|sécu(?:rité sociale)?|securite sociale|numéro de sécu|carte vitale|social security',
    { layout: 'd dd dd dd ddd ddd dd', alone: 85, bare: 60 },
  ),
  row(
    'tax_id',
    'PT NIF',
    9,
    (digits) => mod11(digits, [9, 8, 7, 6, 5, 4, 3, 2], 0, 0) && !digits.startsWith('0'),
    'nif|contribuinte|nipc|' + TAX,
  ),
  row('national_id', 'SE personnummer', 10, swedish, 'personnummer|personnr|pnr|samordningsnummer|' + ID, {
    layout: 'dddddd-dddd',
    alone: 55,
  }),
  row(
    'national_id',
    'SE personnummer with century',
    12,
    (digits) => /^(?:19|20)/.test(digits) && swedish(digits),
    'personnummer|personnr|pnr|samordningsnummer|' + ID,
    { layout: 'dddddddd-dddd', alone: 65 },
  ),
  row(
    'national_id',
    'NO fødselsnummer',
    11,
    norwegian,
    'fødselsnummer|fodselsnummer|fnr|personnummer|d-nummer|' + ID,
  ),
  row('national_id', 'DK CPR', 10, danish, 'cpr|cpr-nummer|cpr-nr|cpr nr|personnummer'),
  row('national_id', 'EE isikukood, LT asmens kodas', 11, baltic, 'isikukood|asmens koda[s]?|' + ID),
  row('national_id', 'LV personas kods', 11, latvian, 'personas kod[su]?|' + ID),
  row('national_id', 'CZ, SK rodné číslo', 10, czech, 'rodné (?:číslo|cislo)|rodne cislo|rč|r\\.č|' + ID, {
    layout: 'dddddd/dddd',
    alone: 65,
  }),
  row('national_id', 'RO CNP', 13, romanian, 'cnp|cod numeric personal|' + ID),
  row('national_id', 'BG EGN', 10, bulgarian, 'egn|егн|' + ID),
  row('national_id', 'HR OIB', 11, mod11And10, 'oib|osobni identifikacijski broj|' + ID),
  row('national_id', 'JMBG, EMŠO', 13, yugoslav, 'jmbg|јмбг|em[sš]o|umcn|' + ID),
  row(
    'national_id',
    'GR AMKA',
    11,
    (digits) => isDay(two(digits, 2), two(digits, 0)) && luhn(digits),
    'amka|αμκα|' + ID,
  ),
  row('tax_id', 'GR AFM', 9, afm, 'afm|αφμ|α\\.φ\\.μ|' + TAX),
  row(
    'national_id',
    'CH AHV',
    13,
    (digits) => digits.startsWith('756') && ean(digits),
    'ahv|avs|ahv-nr|ahv-nummer|versichertennummer|no avs|' + ID,
    { layout: 'ddd.dddd.dddd.dd', alone: 90, bare: 60 },
  ),
  row(
    'health_id',
    'AT SVNR',
    10,
    austrian,
    'svnr|sv-nr|sv-nummer|sozialversicherungs(?:nummer|nr)?|sozialversicherung|' + ID,
  ),
  row('national_id', 'TR kimlik no', 11, turkish, 't\\.?c\\.?|tckn|kimlik(?: no| numarası)?|' + ID),
  row('national_id', 'IL teudat zehut', 9, israeli, 'teudat zehut|ת\\.ז|תעודת זהות|israeli id'),
  row('national_id', 'ZA identity number', 13, southAfrican, 'sa id|rsa id|south african|' + ID),
  row(
    'national_id',
    'IN Aadhaar',
    12,
    (digits) => !/^[01]/.test(digits) && verhoeff(digits),
    'aadhaar|aadhar|आधार|uidai',
  ),
  row(
    'national_id',
    'KR resident registration number',
    13,
    korean,
    'rrn|주민등록번호|주민번호|resident registration|' + ID,
    { layout: 'dddddd-ddddddd', alone: 60 },
  ),
  row(
    'national_id',
    'KR resident registration number since 2020, whose last digits are random',
    13,
    (digits) => isDay(two(digits, 2), two(digits, 4)) && /^.{6}[1-8]/.test(digits),
    'rrn|주민등록번호|주민번호|resident registration',
  ),
  row('national_id', 'TH citizen id', 13, thai, 'thai id|เลขประจำตัวประชาชน|บัตรประชาชน|' + ID, {
    layout: 'd-dddd-ddddd-dd-d',
    alone: 85,
  }),
  row('national_id', 'JP My Number', 12, japanese, 'my number|mynumber|マイナンバー|個人番号'),
  row('tax_id', 'RU INN of a business', 10, inn, 'inn|инн|' + TAX),
  row('tax_id', 'RU INN', 12, inn, 'inn|инн|' + TAX),
  row('national_id', 'RU SNILS', 11, snils, 'snils|снилс|' + ID, { layout: 'ddd-ddd-ddd dd', alone: 85 }),
  row('tax_id', 'UA RNTRC', 10, ukrainian, 'rntrc|рнокпп|іпн|ипн|rnokpp'),
  row('national_id', 'EC cédula', 10, ecuadorian, 'c[eé]dula'),
  row('national_id', 'DO cédula', 11, luhn, 'c[eé]dula', { layout: 'ddd-ddddddd-d', alone: 60 }),
  row(
    'tax_id',
    'AR CUIT, CUIL',
    11,
    (digits) =>
      /^(?:20|23|24|25|26|27|30|33|34|50|51|55)/.test(digits) &&
      mod11(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2], 9, 0),
    'cui[tl]|' + TAX,
    { layout: 'dd-dddddddd-d', alone: 75 },
  ),
  row(
    'national_id',
    'CA SIN',
    9,
    (digits) => !/^[08]/.test(digits) && luhn(digits),
    'sin(?: ?(?:number|no\\.?|#|:| is))|social insurance|assurance sociale',
  ),
  row('tax_id', 'AU TFN', 9, tfn, 'tfn|tax file'),
  row('health_id', 'AU Medicare', 10, medicare, 'medicare'),
  row('tax_id', 'NZ IRD', 9, ird, 'ird|inland revenue'),
  row('tax_id', 'NZ IRD, eight digits', 8, ird, 'ird|inland revenue'),
  row('health_id', 'UK NHS number', 10, nhs, 'nhs|national health|health service number'),
  row('health_id', 'HU TAJ', 9, taj, 'taj|taj-szám|tajszám'),
  row('tax_id', 'HU adóazonosító jel', 10, hungarianTax, 'adóazonosító|adószám|adoazonosito|' + TAX),
  row('tax_id', 'US ITIN', 9, itin, 'itin|' + TAX, { layout: 'ddd-dd-dddd', alone: 60 }),
  row(
    'tax_id',
    'US EIN',
    9,
    ein,
    'ein(?: ?(?:number|no\\.?|#|:))|fein|employer identification|federal tax|employer id',
  ),
  row('national_id', 'MY MyKad', 12, malaysian, 'mykad|nric|kad pengenalan|no\\.? ?kp'),
  row('bank_account', 'US routing number', 9, aba, 'aba|routing|rtn'),
  row('device_id', 'IMEI', 15, luhn, 'imei|device id|handset'),
  row('device_id', 'IMEISV', 16, anything, 'imeisv'),
  row('national_id', 'CL RUT', 9, rut, 'rut|run|rol [uú]nico', { layout: 'dd.ddd.ddd-d', alone: 75 }),
  row('national_id', 'CL RUT, seven digits', 8, rut, 'rut|run|rol [uú]nico', {
    layout: 'd.ddd.ddd-d',
    alone: 75,
  }),
  row(
    'national_id',
    'CN resident identity number',
    18,
    (digits) => chinese(digits),
    '身份证|身份證|公民身份|' + ID,
    { layout: 'dddddddddddddddddd', alone: 80 },
  ),
  ...[8, 9, 10, 11, 12].map((length) =>
    row(
      'tax_id',
      `VAT number of ${length} digits without its country`,
      length,
      isAnyVatOfDigits,
      VAT_NUMBER_WORDS,
    ),
  ),
  row(
    'health_id',
    'US NPI',
    10,
    (digits) => /^[12]/.test(digits) && luhn(`80840${digits}`),
    'npi|provider identifier',
  ),
];
