interface DataClassInfo {
  readonly name: string;
  readonly description: string;
  /** Found by its shape in any text; without it, by the name of its column or key only. */
  readonly byValue: boolean;
  /** Words that, standing next to each other anywhere in a name, mark it: `card_number` marks `oldCardNumber`. Space-separated. */
  readonly names: string;
  /** Words that mark a name as its last: `stripe_secret`, but not `secret_santa`. Space-separated. */
  readonly lastWords?: string;
  /** Whole names that mark, where the words alone are too common inside others: `pin`, but not `pin_color`. */
  readonly wholeNames: string;
}

/**
 * The data classes that are built in. Each is a `DataClass` entity that policies name, as are those that an operator
 * declares. Order is severity: where two findings of one length meet, the earlier class wins, and any of these over one of
 * the operator's.
 *
 * `binary` has no detector: it is what bytes are called that are not text and so can't be searched.
 */
const TABLE = [
  {
    name: 'payment_card',
    description: 'Payment card number (PAN): issuer range, length and Luhn check digit.',
    byValue: true,
    names:
      'card_number card_no card_num cc_number cc_num cc_no credit_card debit_card payment_card ' +
      'bank_card primary_account_number cvv cvv2 cvc card_security_code',
    wholeNames: 'pan card cc',
  },
  {
    name: 'us_ssn',
    description:
      'US Social Security number: area, group and serial ranges; dashed, or beside a word that says so.',
    byValue: true,
    names: 'ssn ssns social_security social_sec soc_sec us_ssn',
    wholeNames: '',
  },
  {
    name: 'iban',
    description: 'International bank account number: length of its country, mod 97.',
    byValue: true,
    names: 'iban ibans',
    wholeNames: '',
  },
  {
    name: 'national_id',
    description:
      'Number of a person or identity card: check digit of its country, and a layout or word that says so.',
    byValue: true,
    names:
      'national_id national_identifier national_identity national_insurance identity_card ' +
      'identity_number id_card nino aadhaar codice_fiscale personnummer personal_number curp ' +
      'cpf pesel isikukood asmens_kodas personas_kods rodne_cislo fodselsnummer henkilotunnus ' +
      'rijksregister burgerservicenummer hkid nric mykad snils personalausweis social_insurance',
    wholeNames: 'bsn dni nie egn jmbg oib cnp amka ahv emso hetu pps ppsn rut nir',
  },
  {
    name: 'tax_id',
    description:
      'Tax or VAT number of a person or business: check digit of its country, and a layout or word that says so.',
    byValue: true,
    names:
      'tax_id tax_number tax_no taxpayer itin fein steuer_id steuernummer vat_id vat_number ' +
      'vat_no ust_id partita_iva tax_file_number cnpj cuit cuil pan_number pan_card',
    wholeNames: 'tin ein nif afm tfn rfc nip',
  },
  {
    name: 'passport',
    description: 'Passport number, beside a word that says so.',
    byValue: true,
    names: 'passport passports reisepass passeport pasaporte passaporto',
    wholeNames: '',
  },
  {
    name: 'driving_licence',
    description: 'Driving licence number, beside a word that says so.',
    byValue: true,
    names:
      'driving_licence driving_license driver_licence driver_license drivers_licence ' +
      'drivers_license license_number licence_number fuehrerschein fuhrerschein ' +
      'permis_de_conduire rijbewijs',
    wholeNames: '',
  },
  {
    name: 'health_id',
    description:
      'Number of a patient, medical record or health insurance: check digit or a word that says so.',
    byValue: true,
    names:
      'nhs_number nhs_no medical_record mrn patient_id patient_number health_insurance ' +
      'insurance_member medicare_number medicare_id health_plan kvnr krankenversicherung ' +
      'versichertennummer subscriber_id',
    wholeNames: 'nhs svnr npi',
  },
  {
    name: 'bank_account',
    description: 'Bank account or routing number in a national format, beside a word that says so.',
    byValue: true,
    names: 'bank_account account_number acct_number account_no acct_no routing_number sort_code kontonummer',
    wholeNames: '',
  },
  {
    name: 'bic',
    description: 'Code of a bank (BIC, SWIFT), beside a word that says so.',
    byValue: true,
    names: 'swift_code bic_code swift_bic',
    wholeNames: 'bic swift',
  },
  {
    name: 'crypto_wallet',
    description: 'Address on a public ledger: Base58Check, Bech32, EIP-55.',
    byValue: true,
    names:
      'wallet_address btc_address bitcoin_address eth_address ethereum_address crypto_address ' +
      'crypto_wallet',
    wholeNames: '',
  },
  {
    name: 'password',
    description: 'Password, passphrase or PIN, in clear or hashed: behind a label that says so.',
    byValue: true,
    names:
      'password passwd passphrase pwd pin_code password_hash password_digest passwort kennwort contrasena mot_de_passe wachtwoord senha',
    wholeNames: 'pin pass pw',
  },
  {
    name: 'credential',
    description: 'API key, token, private key, connection string or other secret that opens something.',
    byValue: true,
    names:
      'api_key apikey api_secret access_key access_token refresh_token auth_token id_token ' +
      'bearer_token session_token api_token reset_token csrf_token client_secret secret_key ' +
      'private_key signing_key encryption_key webhook_secret connection_string otp_secret ' +
      'totp_secret mfa_secret recovery_code identity_token session_cookie phpsessid jsessionid gitlab_session insert_key',
    lastWords: 'secret secrets',
    wholeNames: 'token secret secrets credential credentials authorization bearer cookie',
  },
  {
    name: 'phone',
    description:
      'Telephone number: valid in its country; international, or national beside a word that says so.',
    byValue: true,
    names:
      'phone phones phone_number telephone mobile_number mobile_no mobile_phone cell_number ' +
      'cell_phone fax_number tel_no msisdn whatsapp',
    wholeNames: 'mobile cell tel fax telefon telefono',
  },
  {
    name: 'email',
    description: 'E-mail address.',
    byValue: true,
    names: 'email emails e_mail e_mails email_address mail_address',
    wholeNames: 'mail',
  },
  {
    name: 'date_of_birth',
    description: 'Date of birth, beside a word that says so.',
    byValue: true,
    names: 'date_of_birth birth_date birthday birthdate dob born_on',
    wholeNames: '',
  },
  {
    name: 'postal_address',
    description: 'Street or postal address: street words with a house number, or behind a label.',
    byValue: true,
    names:
      'postal_address street_address home_address mailing_address billing_address ' +
      'shipping_address residential_address delivery_address address_line address_line1 ' +
      'address_line2',
    wholeNames: 'address1 address2 street',
  },
  {
    name: 'person_name',
    description: 'Name of a person, in a column or behind a label that is named for it.',
    byValue: true,
    names:
      'first_name last_name full_name middle_name given_name family_name maiden_name surname ' +
      'cardholder name_on_card',
    wholeNames: '',
  },
  {
    name: 'ip_address',
    description:
      'IP address that belongs to somebody (no private or reserved range); IPv4 beside a word that says so.',
    byValue: true,
    names: 'ip_address ip_addr client_ip remote_ip source_ip login_ip user_ip last_ip remote_addr',
    wholeNames: 'ip ipv4 ipv6',
  },
  {
    name: 'mac_address',
    description: 'Hardware address of a network interface.',
    byValue: true,
    names: 'mac_address mac_addr hardware_address',
    wholeNames: 'mac',
  },
  {
    name: 'device_id',
    description: 'IMEI or other number of a telephone, beside a word that says so.',
    byValue: true,
    names: 'imei imeisv meid imsi advertising_id',
    wholeNames: 'idfa gaid',
  },
  {
    name: 'vehicle_id',
    description: 'Vehicle identification number: check digit or a word that says so.',
    byValue: true,
    names: 'vehicle_identification vin_number vehicle_vin chassis_number',
    wholeNames: 'vin',
  },
  {
    name: 'geolocation',
    description: 'Where somebody is or lives, in a column or behind a label that is named for it.',
    byValue: true,
    names:
      'geolocation geo_location gps home_latitude home_longitude user_latitude user_longitude ' +
      'last_latitude last_longitude home_location user_location device_location ' +
      'last_known_location current_location home_coordinates user_coordinates',
    wholeNames: '',
  },
  {
    name: 'binary',
    description: 'Bytes that are not text, and so can not be searched.',
    byValue: false,
    names: '',
    wholeNames: '',
  },
] as const satisfies readonly DataClassInfo[];

export type DataClass = (typeof TABLE)[number]['name'];

/** Names of all data classes, most severe first. */
export const DATA_CLASSES: readonly DataClass[] = TABLE.map(({ name }) => name);

/** Whether a name is one of the classes that are built in; operators declare others in `masking.yaml`. */
export function isBuiltIn(name: string): name is DataClass {
  return DATA_CLASSES.some((known) => known === name);
}

/** What is known of each class, in the same order. */
export const DATA_CLASS_TABLE: readonly (DataClassInfo & { readonly name: DataClass })[] = TABLE;

/**
 * The label of what could not be read and so is masked whoever asks: nested deeper than the cap, not JSON, or a whole
 * row in one text. No data class, so that no policy can unmask it: nobody knows what is in it.
 */
export const UNREADABLE = 'unreadable';

/** Position in the order of severity; names that are no class come last. */
export function severity(name: string): number {
  const index = DATA_CLASSES.findIndex((known) => known === name);
  return index === -1 ? DATA_CLASSES.length : index;
}
