import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileNames } from './column-names.ts';

const classesOf = compileNames({ columns: {}, except: {} });

const MARKED: Readonly<Record<string, string>> = {
  ssn: 'us_ssn',
  SSN: 'us_ssn',
  customer_ssn: 'us_ssn',
  ssnHash: 'us_ssn',
  SocialSecurityNumber: 'us_ssn',
  ｓｓｎ: 'us_ssn',
  cardNumber: 'payment_card',
  old_card_number_2: 'payment_card',
  cardnumber: 'payment_card',
  cc_num: 'payment_card',
  PAN: 'payment_card',
  cvv: 'payment_card',
  iban: 'iban',
  e_mail: 'email',
  contactEmail: 'email',
  'email-address': 'email',
  'customers.email': 'email',
  verified_email: 'email',
  phone: 'phone',
  'Home Phone': 'phone',
  mobile: 'phone',
  password_hash: 'password',
  passwordHash: 'password',
  api_key: 'credential',
  accessToken: 'credential',
  token: 'credential',
  client_secret: 'credential',
  dob: 'date_of_birth',
  birthDate: 'date_of_birth',
  passport_no: 'passport',
  client_ip: 'ip_address',
  vat_id: 'tax_id',
  mrn: 'health_id',
  vin: 'vehicle_id',
  shipping_address: 'postal_address',
  first_name: 'person_name',
};

const UNMARKED = [
  'id',
  'name',
  'company',
  'companyName',
  'panel',
  'japan',
  'span',
  'pan_id',
  'tokens',
  'total_tokens',
  'max_tokens',

  'next_page_token',
  'token_count',
  'email_verified',
  'emailVerifiedAt',
  'phone_count',
  'password_changed_at',

  'latitude',
  'vat',
  'vat_rate',
  'address',
  'cell_id',
  'card_type',
  'mobile_app',
  'female',
  'mailbox',
  'shipping',
  'pinned',
  'discard',
  '',
  '   ',
  '123',
  '[redacted:email]',
  'x [payment_card *1111]',
];

for (const [name, expected] of Object.entries(MARKED))
  test(`the name ${JSON.stringify(name)} stands for ${expected}`, () => {
    assert.deepEqual(classesOf(name), [expected]);
  });

for (const name of UNMARKED)
  test(`the name ${JSON.stringify(name)} stands for nothing`, () => {
    assert.deepEqual(classesOf(name), []);
  });

test('operators add names as words, and take whole names out', () => {
  const named = compileNames({
    columns: { national_id: ['loyalty_no'] },
    except: { phone: ['phone_model'] },
  });
  assert.deepEqual(named('oldLoyaltyNo'), ['national_id']);
  assert.deepEqual(named('phoneModel'), []);
  assert.deepEqual(named('phone_models'), ['phone']);
});
