import type { EncodedChange } from '../change.ts';
import type { StoredTask } from '../../model/task.ts';
import { requestPlace, statePlace } from '../vault/scope.ts';
import { sealText } from '../vault/seal.ts';
import type { Connection } from './connection.ts';
import type { Sealing } from './vault-rows.ts';

/** All of them or none; whether they were done. In a transaction that holds the lock of the log. */
export async function changeAll(
  connection: Connection,
  changes: readonly EncodedChange[],
  keys: Sealing,
): Promise<boolean> {
  const [only] = changes;
  if (changes.length === 1 && only !== undefined) return await changeOne(connection, only, keys);
  await connection.run('SAVEPOINT changes');
  for (const each of changes) {
    if (await changeOne(connection, each, keys)) continue;
    await connection.run('ROLLBACK TO changes; RELEASE changes');
    return false;
  }
  await connection.run('RELEASE changes');
  return true;
}

async function changeOne(connection: Connection, encoded: EncodedChange, keys: Sealing): Promise<boolean> {
  if ('task' in encoded) return await changeTask(connection, encoded.kind, encoded.from, encoded.task);
  const { kind, from, mostPending, session, row } = encoded;
  const { id, digest, requester, connection: on, tool, shape, createdAt, expiresAt } = row;
  const { status, version, grantedUntil } = row;
  const key = keys.key(session);
  const state = sealText(key.key, statePlace(id, version), row.state);
  if (kind === 'replace') {
    const values = [status, version, grantedUntil, state, id, from, key.id] as const;
    return (await connection.query(REPLACE_APPROVAL, ...values)).length > 0;
  }
  const request = sealText(key.key, requestPlace(id), row.request);
  const fixed = [
    id,
    digest,
    requester,
    on,
    tool,
    shape,
    createdAt,
    expiresAt,
    session,
    key.id,
    request,
  ] as const;
  const values = [...fixed, status, version, grantedUntil, state, mostPending] as const;
  return (await connection.query(CREATE_APPROVAL, ...values)).length > 0;
}

/** What is sealed by these changes is sealed under the keys of these scopes. */
export function scopesOfChanges(changes: readonly EncodedChange[]): readonly string[] {
  return changes.flatMap((change) => ('task' in change ? [] : [change.session]));
}

/** What a task is bound to is written once. */
async function changeTask(
  connection: Connection,
  kind: 'create_task' | 'replace_task',
  from: number,
  task: StoredTask,
): Promise<boolean> {
  const { id, owner, approval, createdAt, expiresAt } = task;
  const { state, call, runsUntil, sealed, updatedAt, version } = task;
  const moving = [state, call, runsUntil, sealed, updatedAt, version] as const;
  const rows =
    kind === 'create_task'
      ? await connection.query(CREATE_TASK, id, owner, approval, createdAt, expiresAt, ...moving)
      : await connection.query(REPLACE_TASK, ...moving, id, from);
  return rows.length > 0;
}

/** The count can't change meanwhile: whoever files a request has the lock of the log. */
const CREATE_APPROVAL = `
  INSERT INTO approval
  SELECT $1::text, $2::text, $3::text, $4::text, $5::text, $6::text, $7::bigint, $8::bigint, $9::text, $10::bigint,
    $11::text, $12::text, $13::bigint, $14::bigint, $15::text
  WHERE (
    SELECT count(*) FROM approval
    WHERE requester = $3::text AND status = 'pending' AND expires_at > $7::bigint
  ) < $16::bigint
  ON CONFLICT DO NOTHING RETURNING 1 AS one`;

/**
 * A change that would make a second live request of one act is not done either. Nor one under another key than the request
 * is sealed with: its session was erased meanwhile.
 */
const REPLACE_APPROVAL = `
  UPDATE approval AS a SET status = $1::text, version = $2::bigint, granted_until = $3::bigint, state = $4::text
  WHERE id = $5::text AND version = $6::bigint AND key = $7::bigint AND NOT (
    $1::text IN ('pending', 'approved') AND EXISTS (
      SELECT 1 FROM approval AS other
      WHERE other.requester = a.requester AND other.digest = a.digest AND other.id <> a.id
        AND other.status IN ('pending', 'approved')
    )
  ) RETURNING 1 AS one`;

const CREATE_TASK = `
  INSERT INTO task (id, owner, approval, created_at, expires_at, state, call, runs_until, sealed, updated_at, version)
  VALUES ($1::text, $2::text, $3::text, $4::bigint, $5::bigint, $6::text, $7::text, $8::bigint, $9::text, $10::bigint,
    $11::bigint)
  ON CONFLICT DO NOTHING RETURNING 1 AS one`;

const REPLACE_TASK = `
  UPDATE task SET state = $1::text, call = $2::text, runs_until = $3::bigint, sealed = $4::text,
    updated_at = $5::bigint, version = $6::bigint
  WHERE id = $7::text AND version = $8::bigint RETURNING 1 AS one`;
