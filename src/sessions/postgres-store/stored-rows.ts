import type { ApiKey } from '../../model/api-key.ts';
import type { SessionSummary } from '../../model/record.ts';
import type { ApprovalRow } from '../approval-row.ts';
import { numberOf, numberOrNull, textOf, textOrNull, type Row } from '../sqlite-store/row.ts';

/** A session whose opening is not on record has no principal here; the timeline shows what its calls say. */
export function sessionOf(row: Row): SessionSummary {
  return {
    id: textOf(row, 'id'),
    principal: textOrNull(row, 'principal') ?? '',
    issuer: textOrNull(row, 'issuer') ?? '',
    client: textOrNull(row, 'client') ?? '',
    transport: textOrNull(row, 'transport') ?? '',
    openedAt: numberOf(row, 'opened_at'),
    closedAt: numberOrNull(row, 'closed_at'),
    lastAt: numberOf(row, 'last_at'),
    calls: numberOf(row, 'calls'),
    refused: numberOf(row, 'refused'),
  };
}

export function approvalOf(row: Row): ApprovalRow {
  return {
    id: textOf(row, 'id'),
    digest: textOf(row, 'digest'),
    requester: textOf(row, 'requester'),
    connection: textOf(row, 'connection'),
    tool: textOf(row, 'tool'),
    shape: textOrNull(row, 'shape'),
    createdAt: numberOf(row, 'created_at'),
    expiresAt: numberOf(row, 'expires_at'),
    request: textOf(row, 'request'),
    status: textOf(row, 'status'),
    version: numberOf(row, 'version'),
    grantedUntil: numberOrNull(row, 'granted_until'),
    state: textOf(row, 'state'),
  };
}

export function keyOf(row: Row): ApiKey {
  const groups: unknown = JSON.parse(textOf(row, 'groups'));
  if (!isStrings(groups)) throw new Error('column groups does not hold a list of names');
  return {
    id: textOf(row, 'id'),
    hash: textOf(row, 'hash'),
    service: textOf(row, 'service'),
    groups,
    createdAt: numberOf(row, 'created_at'),
    createdBy: textOf(row, 'created_by'),
    expiresAt: numberOrNull(row, 'expires_at'),
    revokedAt: numberOrNull(row, 'revoked_at'),
  };
}

function isStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
