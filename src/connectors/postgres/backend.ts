import type { SqlFacts } from '../../model/facts.ts';
import type { Backend } from '../session.ts';
import type { PostgresOptions } from './options.ts';
import { createPool } from '../pool.ts';
import { shareOut } from '../turns.ts';
import { scrubber } from '../scrub.ts';
import { tlsMaterial } from '../tls.ts';
import { requestCancel } from './cancel.ts';
import { connect, tlsSocketOptions } from './connect.ts';
import { explain } from './errors.ts';
import { parsePostgresUrl } from '../../model/server-url.ts';
import { postgresSession } from './run.ts';
import { commonTypes } from './values.ts';

/** Idle sessions are given back to the server after this, in ms. */
const IDLE_MS = 60_000;
const CONNECT_MS = 5000;

export function postgresBackend(options: PostgresOptions): Backend {
  const parsed = parsePostgresUrl(options.url);
  if (!parsed.ok) throw new Error(`connection ${options.name}: ${parsed.problem}`);
  const { address } = parsed;
  const tls = tlsMaterial(options.ssl, address.tls, address.host);
  const scrub = scrubber({ always: [options.url, address.password], words: [address.user, address.host] });
  const typeNames = new Map(commonTypes);
  const cancelTarget = {
    host: address.host,
    port: address.port,
    tls: tls === null ? null : tlsSocketOptions(tls, address.host),
  };
  const max = options.pool?.max ?? 10;
  const pool = createPool({
    max,
    idleMs: IDLE_MS,
    async open() {
      const connected = await connect(address, tls, options.connectTimeoutMs ?? CONNECT_MS);
      const { cancelKey } = connected;
      const cancel = (): Promise<void> =>
        cancelKey === null ? Promise.resolve() : requestCancel(cancelKey, cancelTarget);
      return postgresSession({ connected, cancel, typeNames });
    },
  });
  return {
    kind: 'postgres',
    name: options.name,
    readOnly: options.readOnly ?? false,
    placeholders: 'dollar',
    pool: shareOut(pool, max),
    explain: (error) => explain(error, scrub),
    // The server aborts an open transaction when its connection ends, and COMMIT was never sent.
    undoneByLoss: true,
    undoable,
  };
}

/** Kinds that may reach beyond the transaction: files and programs, procedures and code blocks that call out. */
const BEYOND: ReadonlySet<string> = new Set(['COPY', 'CALL', 'DO', 'EXECUTE', 'LOAD']);

function undoable(facts: SqlFacts): boolean {
  return (
    !facts.kinds.some((kind) => BEYOND.has(kind)) && !facts.functions.some((name) => name.includes('dblink'))
  );
}
