import { streetAddress } from './addresses.ts';
import { dashedSpanish, separatedRfc } from './dashed-words.ts';
import { dateOfBirth } from './dates.ts';
import type { Detector } from './detector.ts';
import { email } from './email.ts';
import { encoded, hexEncoded } from './encoded.ts';
import { iban } from './iban.ts';
import { labelled } from './labels.ts';
import { ipv4, ipv6, macAddress } from './network.ts';
import { numberIds } from './number-ids.ts';
import { paymentCard } from './payment-card.ts';
import { phone } from './phone.ts';
import { overLine } from './running-over.ts';
import { privateKey, urlPassword } from './secrets.ts';
import { scientific } from './scientific.ts';
import { finnish, spacedNino } from './spaced-words.ts';
import { jwt, prefixedToken, randomToken } from './tokens.ts';
import { usSsn } from './us-ssn.ts';
import { wallet } from './wallets.ts';
import { wordIds } from './word-ids.ts';

/** Everything that finds values by their shape. */
export const DETECTORS: readonly Detector[] = [
  email,
  urlPassword,
  paymentCard,
  usSsn,
  numberIds,
  finnish,
  phone,
  iban,
  spacedNino,
  dashedSpanish,
  separatedRfc,
  wordIds,
  scientific,
  ipv4,
  ipv6,
  macAddress,
  dateOfBirth,
  streetAddress,
  labelled,
  privateKey,
  overLine,
  prefixedToken,
  jwt,
  wallet,
  randomToken,
  encoded,
  hexEncoded,
];
