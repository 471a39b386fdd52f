import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compileNames } from '../column-names.ts';
import { scan } from '../scan.ts';
import type { Aid } from './detector.ts';
import { NATIONAL_NUMBERS } from './national-numbers.ts';
import { NATIONAL_WORDS } from './national-words.ts';
import { TOKEN_KINDS } from './token-kinds.ts';

const classesOfName = compileNames({ columns: {}, except: {} });

function aid(): Aid {
  const budget = { phoneChecks: 1000, nodes: 1000 };
  return { assumeContext: false, phoneRegions: ['US', 'GB', 'DE', 'FR'], budget, classesOfName };
}

/** What is found with the default threshold: class and text. */
function found(text: string): readonly (readonly [string, string])[] {
  return scan(text, aid())
    .filter(({ score }) => score >= 50)
    .map(({ class: of, start, end }) => [of, text.slice(start, end)] as const);
}

function assertFound(text: string, of: string, value: string): void {
  const all = found(text);
  assert.ok(
    all.some(([dataClass, stretch]) => dataClass === of && stretch === value),
    `${JSON.stringify(all)} in ${text}`,
  );
}

/** Published examples of numbering authorities and of the documentation of python-stdnum. */
const NATIONAL: readonly (readonly [string, string, string])[] = [
  ['national_id', 'PESEL ', '44051401359'],
  ['national_id', 'cliente ', '390.533.447-05'],
  ['tax_id', 'empresa ', '16.727.230/0001-97'],
  ['tax_id', 'Steuer-ID ', '36574261809'],
  ['national_id', 'BSN ', '111222333'],
  ['national_id', 'nr ', '85.07.30-033.28'],
  ['national_id', 'NIR ', '295109912611193'],
  ['tax_id', 'NIF ', '123456789'],
  ['national_id', 'fødselsnummer ', '15108695088'],
  ['national_id', 'isikukood ', '37605030299'],
  ['national_id', 'personas kods ', '161175-19997'],
  ['national_id', 'pan ', '710319/2745'],
  ['national_id', 'CNP ', '1630615123457'],
  ['national_id', 'ЕГН ', '7523169263'],
  ['national_id', 'OIB ', '33392005961'],
  ['national_id', 'JMBG ', '0101006500006'],
  ['national_id', 'AMKA ', '01013099997'],
  ['tax_id', 'AFM ', '094259216'],
  ['national_id', 'versichert ', '756.9217.0769.85'],
  ['health_id', 'SVNR ', '1237 010180'],
  ['national_id', 'TCKN ', '17291716060'],
  ['national_id', 'teudat zehut ', '039337423'],
  ['national_id', 'SA ID ', '7503305044089'],
  ['national_id', 'Aadhaar ', '2341 2341 2346'],
  ['national_id', 'Thai ID ', '1-2345-45678-78-1'],
  ['national_id', 'My Number ', '123456789018'],
  ['tax_id', 'ИНН ', '7707083893'],
  ['national_id', 'в базе ', '112-233-445 95'],
  ['tax_id', 'РНОКПП ', '1759013776'],
  ['national_id', 'cédula ', '1714307103'],
  ['tax_id', 'socio ', '20-05536168-2'],
  ['national_id', 'social insurance ', '123-456-782'],
  ['tax_id', 'TFN ', '123 456 782'],
  ['tax_id', 'IRD ', '49091850'],
  ['health_id', 'NHS number ', '943 476 5919'],
  ['national_id', 'cliente ', '12.531.909-2'],
  ['national_id', 'client ', '11010519491231002X'],
  ['national_id', 'DNI ', '54362315K'],
  ['national_id', 'cliente ', 'X2482300W'],
  ['national_id', 'PPS ', '6433435F'],
  ['national_id', 'signor ', 'RSSMRA85T10A562S'],
  ['national_id', 'señor ', 'BOXW310820HNERXN09'],
  ['national_id', 'national id ', 'A123456789'],
  ['national_id', 'member ', 'S1234567D'],
  ['health_id', 'KVNR ', 'A123456780'],
  ['national_id', 'member ', 'AB 12 34 56 C'],
  ['national_id', 'NINO ', 'AB123456C'],
  ['national_id', 'asiakas ', '311280-888Y'],
  ['tax_id', 'ITIN ', '912-90-3456'],
  ['tax_id', 'EIN number ', '91-1144442'],
  ['tax_id', 'UID ', 'ATU13585627'],
  ['tax_id', 'USt-IdNr. ', 'DE136695976'],
  ['tax_id', 'TVA ', 'FR40303265045'],
  ['tax_id', 'P. IVA ', 'IT00743110157'],
  ['tax_id', 'BTW ', 'NL004495445B01'],
  ['tax_id', 'BTW ', 'BE0428759497'],
  ['tax_id', 'IVA ', 'ESB58378431'],
  ['tax_id', 'NIP ', 'PL8567346215'],
  ['tax_id', 'moms ', 'SE123456789701'],
  ['tax_id', 'VAT no. ', 'GB980780684'],
];

describe('national numbers are found', () => {
  for (const [of, before, value] of NATIONAL)
    test(`${before}${value}`, () => assertFound(`${before}${value}, thanks`, of, value));

  test('of more than 25 countries, each by a checksum, a layout or a word', () => {
    const names = [...NATIONAL_NUMBERS, ...NATIONAL_WORDS].flatMap(({ name }) => name.split(', '));
    const countries = new Set(
      names.map((name) => name.slice(0, 2)).filter((code) => /^[A-Z]{2}$/.test(code)),
    );
    assert.ok(countries.size >= 35, [...countries].join(' '));
  });
});

describe('one digit off, they are not', () => {
  for (const [of, before, value] of NATIONAL.filter(([, , each]) => !/^(?:9[1-4]|AB|NL)/.test(each)))
    test(`${before}${value}`, () => {
      // Two of ten wrong digits may pass a check by accident: some of those below must not be found.
      const off = Array.from('123456789', (add) =>
        value.replace(/\d(?=\D*$)/, (digit) => String((Number(digit) + Number(add)) % 10)),
      );
      const still = off.filter((text) =>
        found(`${before}${text}, thanks`).some(
          ([dataClass, stretch]) => dataClass === of && stretch === text,
        ),
      );
      assert.ok(still.length <= 4, still.join(' '));
    });
});

const OTHERS: readonly (readonly [string, string, string])[] = [
  ['passport', 'Her passport is C01X00T47 and valid', 'C01X00T47'],
  ['passport', 'Reisepass 123456789', '123456789'],
  ['driving_licence', "driver's license D1234567 was shown", 'D1234567'],
  ['driving_licence', 'driving licence MORGA657054SM9IJ', 'MORGA657054SM9IJ'],
  ['health_id', 'MRN 00123456 admitted', '00123456'],
  ['bank_account', 'account number 12345678', '12345678'],
  ['bank_account', 'Sort code: 12-34-56', '12-34-56'],
  ['bank_account', 'routing 021000021', '021000021'],
  ['bic', 'BIC DEUTDEFF500', 'DEUTDEFF500'],
  ['bic', 'SWIFT: NEDSZAJJ', 'NEDSZAJJ'],
  ['date_of_birth', 'born on 12 March 1980 in Kiel', '12 March 1980'],
  ['date_of_birth', 'DOB: 1980-03-12', '1980-03-12'],
  ['date_of_birth', 'geboren am 12.03.1980', '12.03.1980'],
  ['date_of_birth', 'née le 12/03/1980', '12/03/1980'],
  ['date_of_birth', 'birthday is April 12, 1980', 'April 12, 1980'],
  ['ip_address', 'logged in from 203.0.113.42', '203.0.113.42'],
  ['ip_address', 'seen at 2001:db8:85a3::8a2e:370:7334 today', '2001:db8:85a3::8a2e:370:7334'],
  ['mac_address', 'iface 00:1A:2b:3c:4d:5e up', '00:1A:2b:3c:4d:5e'],
  ['mac_address', 'iface 00-1A-2B-3C-4D-5E up', '00-1A-2B-3C-4D-5E'],
  ['postal_address', 'lives at 221B Baker Street, London NW1 6XE.', '221B Baker Street, London NW1 6XE'],
  ['postal_address', 'wohnt Hauptstraße 12, 10115 Berlin', 'Hauptstraße 12, 10115 Berlin'],
  ['postal_address', 'habite 12 rue de la Paix, 75002 Paris', '12 rue de la Paix, 75002 Paris'],
  ['postal_address', 'Address: Plot 7, Palm Grove', 'Plot 7, Palm Grove'],
  ['person_name', 'Name: Maria de la Cruz', 'Maria de la Cruz'],
  ['person_name', 'patient: John Q. Public', 'John Q. Public'],
  ['device_id', 'IMEI 490154203237518', '490154203237518'],
  ['vehicle_id', 'VIN 1M8GDM9AXKP042788', '1M8GDM9AXKP042788'],
  ['geolocation', 'home location: 52.52000, 13.40500', '52.52000, 13.40500'],
  ['crypto_wallet', 'send to 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa now', '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa'],
  [
    'crypto_wallet',
    'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4',
    'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4',
  ],
  [
    'crypto_wallet',
    '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
    '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
  ],
  ['national_id', 'DNI 54362315-K', '54362315-K'],
  ['national_id', 'NIE X-2482300-W', 'X-2482300-W'],
  ['tax_id', 'RFC: MAB-930714-8T4', 'MAB-930714-8T4'],
  ['tax_id', 'RFC GODE 561231 GR8', 'GODE 561231 GR8'],
  ['tax_id', 'RFC AB&930714-8T4', 'AB&930714-8T4'],
  ['tax_id', 'RFC AB& 930714 8T4', 'AB& 930714 8T4'],
  ['tax_id', 'VAT no. BE 0417497106', '0417497106'],
  ['iban', 'IBAN GF4120041010050500013M02606', 'GF4120041010050500013M02606'],
  ['password', 'Password: hunter2', 'hunter2'],
  ['password', 'DB_PASSWORD=correcthorse', 'correcthorse'],
  ['password', 'Kennwort: Sommer2026!', 'Sommer2026!'],
  [
    'credential',
    'postgres://app:s3cret@db.example.com:5432/crm',
    'postgres://app:s3cret@db.example.com:5432/crm',
  ],
  ['credential', 'Authorization: Bearer 9f8e7d6c5b4a39281706f5e4', 'Bearer 9f8e7d6c5b4a39281706f5e4'],
  ['credential', 'Authorization: Basic dXNlcjpwYXNz', 'Basic dXNlcjpwYXNz'],
  ['phone', 'tél. 01 42 68 53 00', '01 42 68 53 00'],
  ['credential', 'GET /v1?api_key=abcd1234efgh&x=1', 'abcd1234efgh'],
  ['credential', 'the secret is q8Zr2Lw9Xk4Tn7Vb1Mc5', 'q8Zr2Lw9Xk4Tn7Vb1Mc5'],
  [
    'credential',
    'aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzzKEY',
    'wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzzKEY',
  ],
];

describe('other values are found', () => {
  for (const [of, text, value] of OTHERS) test(text, () => assertFound(text, of, value));
});

describe('credentials are found', () => {
  test('of more than fifty services, wherever they stand', () => {
    assert.ok(new Set(TOKEN_KINDS.map(({ service }) => service)).size >= 50);
    for (const { prefix, body, head } of TOKEN_KINDS) {
      const plain = /^\[([^\]]*)\]\{(\d+),\d+\}\(\?![^)]*\)$/.exec(body.source);
      // Those with a structure are made of published shapes: test/accuracy.
      if (plain === null || head !== undefined) continue;
      const [, signs = '', least = ''] = plain;
      const sign = new RegExp(`[${signs}]`).test('a') ? 'a' : 'A';
      const token = prefix + sign.repeat(Math.max(Number(least), 16 - prefix.length));
      for (const text of [token, `use ${token}.`, `x=${token}&y`, `"${token}"`, `https://host/${token}?a`])
        assert.ok(
          found(text).some(([of, stretch]) => of === 'credential' && stretch.includes(token)),
          `${token} in ${text}: ${JSON.stringify(found(text))}`,
        );
    }
  });

  test('as JSON web tokens, cut off too', () => {
    const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const whole = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: '1234567890' })}.c2lnbmF0dXJl`;
    assertFound(`t ${whole} t`, 'credential', whole);
    const cut = whole.slice(0, -14);
    assertFound(`t ${cut}`, 'credential', cut);
  });

  test('as private keys, with their ends or without', () => {
    const body = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\nBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj';
    const begin = '-----BEGIN RSA PRIVATE KEY-----';
    const end = '-----END RSA PRIVATE KEY-----';
    for (const key of [`${begin}\n${body}\n${end}`, `${begin}\n${body}`, `${body}\n${end}`]) {
      const all = found(`key:\n${key}`);
      assert.ok(
        all.some(([of, stretch]) => of === 'credential' && stretch.includes(body)),
        JSON.stringify(all),
      );
    }
    assert.deepEqual(found('-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----'), []);
  });
});

const LOOK_ALIKES: readonly string[] = [
  'order 44051401359 shipped',
  'PESEL is a Polish number; order 12345678901',
  'DE136695976',
  'order 943 476 5919',
  'invoice 390533447050',
  'version 1.2.3.4 of the client library',
  'connect to 127.0.0.1:8080 or 10.0.0.5 or 192.168.1.1',
  'at 09:26:53 and 10:11:12',
  'due 2026-03-14, paid 14.03.2026',
  'created 2026-03-14T09:26:53Z, born yesterday',
  'Chapter 12 The Road',
  'see section 4 of the Street Guide',
  'ratio 16:9, 4:3',
  'Password: please reset it',
  'password: null, token: none',
  'Please change your password before Friday.',
  'token count = 1234',
  'max_tokens=4096',
  'commit 9f8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d2e1f0a',
  'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  'id 550e8400-e29b-41d4-a716-446655440000',
  'etag "33a64df551425fcc55e4d42a148795d9f25f89d4"',
  'src/masking/detectors/national-numbers.ts',
  'the-quick-brown-fox-jumps-over-the-lazy-dog',
  'ERR_MODULE_NOT_FOUND at node:internal/modules/esm/resolve:275:11',
  'https://example.com/articles/2026/03/14/a-long-title-of-an-article',
  'DEUTSCHE BANK ABCDEFGH',
  'INTERNET CONNECTION IS SLOW',
  'password reset link: https://x.example.com/reset',
  'const apiKey = process.env.OPENAI_API_KEY;',
  'login failed, password wrong, trace=4bf92f3577b34da6a3ce929d0e0e4736',
  'Status: Open, Priority: High',
  'Subject: Order Confirmation',
  'File name: Quarterly Report',
  'SKU AB-1234-XYZ',
  'level=info msg="request done" status=200 took=12ms',
  '1M8GDM9AXKP042789',
  '490154203237518',
  '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb',
  'AKIA is a prefix',
  'part MAB-930714-8T4',
  'DNI 54362315-A',
  'order 54362315-K',
  'VAT 19 % on invoice 100594102',
  'a pat.on the back. sat.in the sun',
  'API-REFERENCE and A3-FORMAT',
  'hooks.slack.com/services/',
  'https://contoso.webhook.office.com/webhookb2/',
  'sk-learn and hf_transfer',
  'iban and bic are needed',
  '52.52000, 13.40500',
  'temperature: 52.52',
];

describe('what only looks like it survives', () => {
  for (const text of LOOK_ALIKES) test(text, () => assert.deepEqual(found(text), []));
});
