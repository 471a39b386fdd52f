import type { Random } from './random.ts';
import type { MakeValue } from './values.ts';

const CAPITALS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const ALNUM = `${CAPITALS}abcdefghijklmnopqrstuvwxyz0123456789`;
const VEHICLE = 'ABCDEFGHJKLMNPRSTUVWXYZ0123456789';

/** A number and the digit that Luhn's sum asks for behind it, written here anew. */
function withLuhn(body: string): string {
  const sum = Array.from(body)
    .toReversed()
    .reduce((all, digit, index) => {
      const value = Number(digit) * (index % 2 === 0 ? 2 : 1);
      return all + (value > 9 ? value - 9 : value);
    }, 0);
  return body + String((10 - (sum % 10)) % 10);
}

function licence(random: Random): string {
  return random.pick([
    () => `${random.letters(CAPITALS, 1)}${random.digits(7)}`,
    () =>
      `${random.letters(CAPITALS, 5)}${random.digits(6)}${random.letters(CAPITALS, 2)}9${random.letters(CAPITALS, 2)}`,
    () => `B${random.digits(3)}RRE2I${random.digits(2)}`,
  ])();
}

function address(random: Random): string {
  const house = 1 + random.below(120);
  return random.pick([
    () => `${house} ${random.pick(['Baker Street', 'Mill Lane', 'Fifth Avenue', 'Oak Road'])}, Springfield`,
    () => `${random.pick(['Hauptstraße', 'Lindenallee', 'Goethestr.'])} ${house}, 10115 Berlin`,
    () => `${house} rue ${random.pick(['de la Paix', 'Victor Hugo'])}, 75002 Paris`,
    () => `Calle ${random.pick(['Mayor', 'de Alcalá'])} ${house}, 28013 Madrid`,
    () => `Via ${random.pick(['Roma', 'Garibaldi'])} ${house}, 20121 Milano`,
  ])();
}

const FIRST = ['Anna', 'Jürgen', 'Marie', 'José', 'Giulia', 'Tomasz', 'Aoife', 'Priya', 'Fatima', 'John'];
const LAST = ['Müller', 'García', 'Rossi', 'Nowak', 'Smith', 'O’Neill', 'van Dijk', 'Lindqvist', 'Dubois'];

/** Values that only a word or a label tells: what their class is found by. */
export const WORDED_VALUES: Readonly<Record<string, MakeValue>> = {
  passport: (random) =>
    random.pick([
      () => `${random.letters(CAPITALS, 1)}${random.digits(8)}`,
      () => random.digits(9),
      () => `${random.letters(CAPITALS, 2)}${random.digits(7)}`,
    ])(),
  driving_licence: licence,
  bank_account: (random) => random.digits(8 + random.below(5)),
  bic: (random) =>
    `${random.letters(CAPITALS, 4)}${random.pick(['DE', 'FR', 'GB', 'US', 'IT'])}${random.letters(CAPITALS, 2)}${random.pick(['', 'XXX'])}`,
  password: (random) => `${random.letters(ALNUM, 9)}${random.digits(1)}!`,
  'credential (label)': (random) => `${random.letters(ALNUM, 30)}${random.digits(2)}`,
  person_name: (random) => `${random.pick(FIRST)} ${random.pick(LAST)}`,
  postal_address: address,
  'device_id (IMEI)': (random) => withLuhn(`35${random.digits(12)}`),
  vehicle_id: (random) => `WVW${random.letters(VEHICLE, 8)}${random.digits(6)}`,
  geolocation: (random) =>
    `${random.below(89)}.${random.digits(5)}, ${random.below(179)}.${random.digits(5)}`,
  'health_id (record)': (random) => random.digits(8),
  'health_id (NPI)': (random) => withLuhn(`808401${random.digits(8)}`).slice(5),
  'tax_id (EIN)': (random) => `${random.pick(['12', '20', '47', '83'])}-${random.digits(7)}`,
};

export const VALUE_WORDS: Readonly<Record<string, readonly string[]>> = {
  passport: ['passport no. ', 'Reisepass ', 'pasaporte ', 'passeport '],
  driving_licence: ["driver's license ", 'driving licence ', 'Führerschein ', 'permis de conduire '],
  bank_account: ['account number ', 'Kontonummer ', 'número de cuenta ', 'conto corrente '],
  bic: ['BIC ', 'SWIFT code '],
  password: ['password=', 'Passwort: ', 'contraseña: ', 'pwd='],
  'credential (label)': ['api_key=', 'client_secret: ', 'Authorization: Bearer '],
  person_name: ['Name: ', 'Patient: ', 'Kunde: ', 'Nombre: ', 'customer name: '],
  postal_address: ['Address: ', 'Anschrift: ', 'Adresse : ', 'dirección: '],
  'device_id (IMEI)': ['IMEI ', 'IMEI: '],
  vehicle_id: ['VIN ', 'Fahrgestellnummer ', 'chassis '],
  geolocation: ['gps: ', 'home_location='],
  'health_id (record)': ['MRN ', 'patient id ', 'medical record no. '],
  'health_id (NPI)': ['NPI '],
  'tax_id (EIN)': ['EIN no. ', 'federal tax id '],
};
