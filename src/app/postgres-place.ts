import { tlsMaterial } from '../connectors/tls.ts';
import { tlsSocketOptions } from '../connectors/postgres/connect.ts';
import type { ServerAddress } from '../model/server-url.ts';
import type { PostgresPlace } from '../sessions/postgres-store/connection.ts';
import type { Configuration } from './configuration.ts';

type PostgresStoreConfig = Extract<Configuration['store'], { readonly kind: 'postgres' }>;

/** Where a store is for the gateway, and for the owner of its tables: the same, where no other is named. */
export interface PostgresPlaces {
  readonly place: PostgresPlace;
  readonly owner: PostgresPlace;
}

/** Reads the files of the TLS options. */
export function postgresPlaces({ address, owner, schema, tls }: PostgresStoreConfig): PostgresPlaces {
  const at = (server: ServerAddress): PostgresPlace => {
    const { host, port, user, password, database } = server;
    const material = tlsMaterial(tls, server.tls, host);
    const ssl = material === null ? false : tlsSocketOptions(material, host);
    return { host, port, user, password, database, ssl, schema };
  };
  const place = at(address);
  return { place, owner: owner === null ? place : at(owner) };
}

/** For a person: no user and no password. */
export function shownPlace({ address: { host, port, database }, schema }: PostgresStoreConfig): string {
  return `${host}:${port}/${database} (schema ${schema})`;
}
