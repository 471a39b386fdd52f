import type { Connector } from './connector.ts';
import type { ConnectorOptions } from './options.ts';
import type { Backend } from './session.ts';
import { mysqlBackend } from './mysql/backend.ts';
import { postgresBackend } from './postgres/backend.ts';
import { checkHealth } from './health.ts';
import { runCall } from './run-call.ts';
import { sqliteBackend } from './sqlite/backend.ts';

/**
 * Makes the connector of one configured connection. It does not connect: the first call or `health` does, so that a
 * backend which is away keeps nothing else from starting.
 *
 * @throws where the options can't be used at all: a malformed URL, a certificate file that can't be read. The message
 * names the connection and never quotes the URL.
 */
export function openConnector(options: ConnectorOptions): Connector {
  const backend = backendOf(options);
  return {
    kind: options.kind,
    run: (permitted, io) => runCall(permitted, io, backend),
    health: () => checkHealth(backend),
    close: () => backend.pool.close(),
  };
}

function backendOf(options: ConnectorOptions): Backend {
  switch (options.kind) {
    case 'sqlite':
      return sqliteBackend(options);
    case 'postgres':
      return postgresBackend(options);
    case 'mysql':
      return mysqlBackend(options);
  }
}
