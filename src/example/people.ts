import { between, pick, type Random } from './random.ts';
import { cardNumber, iban, phoneNumber, socialSecurityNumber } from './numbers.ts';

export interface Customer {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly phone: string;
  readonly city: string;
  readonly country: string;
  readonly card_number: string;
  readonly ssn: string | null;
  readonly iban: string | null;
  readonly created_at: string;
  readonly notes: string;
}

const GIVEN = [
  'Ada',
  'Ben',
  'Chiara',
  'Dmitri',
  'Élodie',
  'Farah',
  'Gustav',
  'Hana',
  'Ines',
  'Jonas',
  'Keiko',
  'Liam',
  'Marta',
  'Noor',
  'Oskar',
  'Priya',
  'Quentin',
  'Rosa',
  'Sven',
  'Tomás',
  'Uma',
  'Viktor',
  'Wen',
  'Yara',
  'Zoë',
] as const;
const FAMILY = [
  'Abbott',
  'Bauer',
  'Castillo',
  'Dubois',
  'Eriksen',
  'Fischer',
  'García',
  'Haddad',
  'Ivanova',
  'Jansen',
  'Kowalski',
  'Lambert',
  'Müller',
  'Nakamura',
  'O’Neill',
  'Petrov',
  'Quinn',
  'Rossi',
  'Schmidt',
  'Taylor',
  'Underwood',
  'Vermeer',
  'Wagner',
  'Young',
  'Zhang',
] as const;
const PLACES = [
  ['New York', 'United States'],
  ['Chicago', 'United States'],
  ['Berlin', 'Germany'],
  ['Hamburg', 'Germany'],
  ['Paris', 'France'],
  ['Lyon', 'France'],
  ['Amsterdam', 'Netherlands'],
  ['London', 'United Kingdom'],
] as const;
const DOMAINS = ['example.com', 'example.org', 'example.net', 'mail.example.com'] as const;

export function makeCustomer(random: Random, id: number): Customer {
  const given = pick(random, GIVEN);
  const family = pick(random, FAMILY);
  const [city, country] = pick(random, PLACES);
  const person = {
    id,
    name: `${given} ${family}`,
    email: `${plain(given)}.${plain(family)}${id}@${pick(random, DOMAINS)}`,
    phone: phoneNumber(random, country),
    city,
    country,
    card_number: cardNumber(random),
    ssn: country === 'United States' ? socialSecurityNumber(random) : null,
    iban: iban(random, country),
    created_at: date(random),
  };
  return { ...person, notes: remark(random, person) };
}

/** What support staff write into a free-text field, and should not. */
function remark(random: Random, person: Omit<Customer, 'notes'>): string {
  const remarks: readonly [string, ...string[]] = [
    'Prefers to be called in the afternoon.',
    'Asked twice about delivery times; order 4111-2026 was late.',
    `Moved; new address to follow. Reach them at ${person.email.toUpperCase()} until then.`,
    `Paid by phone with card ${person.card_number.replaceAll(/(\d{4})(?=\d)/g, '$1 ')}, receipt sent.`,
    `Call back on ${person.phone} after five.`,
    person.ssn === null ? 'No tax number on file.' : `Verified by SSN ${person.ssn} on the phone.`,
    person.iban === null
      ? 'Pays by card only.'
      : `Refund goes to ${person.iban.replaceAll(/(.{4})(?=.)/g, '$1 ')}.`,
    'Long-standing customer. Version 2.14.7 of the app crashes on their phone.',
  ];
  return pick(random, remarks);
}

export function date(random: Random): string {
  const day = new Date(
    Date.UTC(2021, 0, 1) + between(random, 0, 5 * 365) * 86_400_000 + between(random, 0, 86_399) * 1000,
  );
  return day.toISOString().slice(0, 19).replace('T', ' ');
}

function plain(name: string): string {
  return name
    .normalize('NFD')
    .replaceAll(/[^A-Za-z]/g, '')
    .toLowerCase();
}
