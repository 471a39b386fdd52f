import type { Detector } from './detector.ts';
import { email } from './email.ts';
import { iban } from './iban.ts';
import { paymentCard } from './payment-card.ts';
import { phone } from './phone.ts';
import { usSsn } from './us-ssn.ts';

/** Every class that is found by value. */
export const DETECTORS: readonly Detector[] = [email, paymentCard, usSsn, iban, phone];
