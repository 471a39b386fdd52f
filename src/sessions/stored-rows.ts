import type { ApiKey } from '../model/api-key.ts';
import type { SessionSummary } from '../model/record.ts';
import type { ApprovalRow } from './approval-row.ts';
import { requestPlace, statePlace } from './vault/scope.ts';
import { openText } from './vault/seal.ts';
import { numberOf, numberOrNull, textOf, textOrNull, type Row } from './row.ts';
import type { DataKey } from './vault/key-cache.ts';

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

/** `key` is the one that its row names; null where that was erased. Throws `SealBroken` where it is not what was written there. */
export function approvalOf(row: Row, key: DataKey | null): ApprovalRow | null {
  if (key === null) return null;
  const id = textOf(row, 'id');
  const version = numberOf(row, 'version');
  return {
    id,
    digest: textOf(row, 'digest'),
    requester: textOf(row, 'requester'),
    connection: textOf(row, 'connection'),
    tool: textOf(row, 'tool'),
    shape: textOrNull(row, 'shape'),
    createdAt: numberOf(row, 'created_at'),
    expiresAt: numberOf(row, 'expires_at'),
    request: openText(key.key, requestPlace(id), textOf(row, 'request')),
    status: textOf(row, 'status'),
    version,
    grantedUntil: numberOrNull(row, 'granted_until'),
    state: openText(key.key, statePlace(id, version), textOf(row, 'state')),
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
