import type { NewRecord } from '../../model/record.ts';
import { numberOf, textOf, textOrNull, type Row } from '../row.ts';
import { administration, subjectEvent, type Hold, type Order, type Subject } from './disposal.ts';

/**
 * Whether a hold is over the session `s`, in the SQL of either store. One whose opening was lost names nobody, and is under
 * every hold that names a person: what can't be told is kept.
 */
export const HELD = `EXISTS (
  SELECT 1 FROM hold h WHERE h.released_at IS NULL AND (
    h.session = s.id OR h.principal IS NOT NULL AND (
      s.principal IS NULL OR h.principal = s.principal AND (h.issuer IS NULL OR h.issuer = s.issuer))))`;

export const HOLD_COLUMNS = 'h.id, h.session, h.principal, h.issuer, h.placed_by, h.reason, h.placed_at';

export function holdOf(row: Row): Hold {
  return {
    id: textOf(row, 'id'),
    session: textOrNull(row, 'session'),
    principal: textOrNull(row, 'principal'),
    issuer: textOrNull(row, 'issuer'),
    by: textOf(row, 'placed_by'),
    reason: textOf(row, 'reason'),
    at: numberOf(row, 'placed_at'),
  };
}

/** A subject as the row of a hold names it. */
export function heldSubject(subject: Subject): Pick<Hold, 'session' | 'principal' | 'issuer'> {
  switch (subject.kind) {
    case 'session':
      return { session: subject.session, principal: null, issuer: null };
    case 'principal':
      return { session: null, principal: subject.principal, issuer: subject.issuer };
    case 'call':
      throw new TypeError('a hold is over a session or a principal');
  }
}

export function placed(id: string, { subject, by, reason, at }: Order): NewRecord {
  return administration('hold.placed', at, { hold: id, ...subjectEvent(subject), by, reason });
}

export function released(id: string, { by, reason, at }: Omit<Order, 'subject'>): NewRecord {
  return administration('hold.released', at, { hold: id, by, reason });
}
