import mysql from 'mysql2';
import type { TableResult } from '../../model/result.ts';
import type { Session, SessionTerms } from '../session.ts';
import type { Bound, Statement } from '../statement.ts';
import type { Connected } from './connect.ts';
import type { Field } from './values.ts';
import { Refused } from '../refused.ts';
import { tableBuilder, wireLimit } from '../table.ts';
import { cell, typeName } from './values.ts';

/** What the driver's statement offers; its published types leave out that an execution is an emitter. */
interface Prepared {
  execute(values: readonly unknown[]): Execution;
  close(): void;
}
interface Execution {
  on(event: 'fields', listener: (fields: readonly Field[] | undefined) => void): Execution;
  on(event: 'result', listener: (row: unknown) => void): Execution;
  on(event: 'error', listener: (error: unknown) => void): Execution;
  on(event: 'end', listener: () => void): Execution;
}

export function mysqlSession(connected: Connected, cancel: () => Promise<void>): Session {
  const { connection, mariadb } = connected;
  let started = false;
  let spoilt = false;

  const plain = (sql: string): Promise<unknown> =>
    new Promise((resolve, reject) => {
      connection.query(sql, (error, answer) => (error instanceof Error ? reject(error) : resolve(answer)));
    });
  const prepare = (sql: string): Promise<Prepared> =>
    new Promise((resolve, reject) => {
      connection.prepare(sql, (error, prepared) =>
        error instanceof Error ? reject(error) : resolve(prepared),
      );
    });

  const carry = (prepared: Prepared, statement: Statement, terms: SessionTerms): Promise<TableResult> => {
    const { readOnly, limits } = terms;
    const table = tableBuilder(limits);
    const { promise, resolve, reject } = Promise.withResolvers<TableResult>();
    const wire = connected.wire();
    let fields: readonly Field[] = [];
    let results = 0;
    let dropped = 0;
    let changed: number | null = null;
    let bytes = 0;
    const end = (): void => {
      wire.off('data', count);
      forget();
    };
    const fail = (error: unknown): void => {
      end();
      // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- the driver's object, for `explain`
      reject(error);
    };
    const done = (): void => {
      end();
      resolve(table.finish(readOnly ? null : changed));
    };
    /** Enough was seen: the answer need not wait until the server stops, and the connection is of no more use. */
    const stop = (): void => {
      spoilt = true;
      done();
    };
    const count = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (!readOnly || spoilt || bytes <= wireLimit(limits)) return;
      table.cutByBytes();
      stop();
      // Not one more byte of it is wanted in memory.
      wire.pause();
    };
    wire.on('data', count);
    const forget = connected.onLost(fail);
    prepared
      .execute(statement.values.map(parameter))
      .on('fields', (described) => {
        if (described === undefined) return;
        results += 1;
        fields = described;
        table.columns(fields.map((field) => ({ name: field.name, type: typeName(field) })));
      })
      .on('result', (row) => {
        if (!Array.isArray(row)) {
          changed = affected(row);
          return;
        }
        if (spoilt || results > 1) return;
        if (table.add(row.map((value, index) => cell(value, fields[index])))) return;
        dropped += 1;
        // `sql_select_limit` lets one row too many through, after which the server is at its end by itself. A write is
        // read to its end, for stopping it would undo it.
        if (readOnly && (dropped > 1 || table.count() < limits.rows)) stop();
      })
      .on('error', fail)
      .on('end', () => {
        if (results > 1)
          fail(new Refused('The statement returns more than one result, which a call cannot carry.'));
        else done();
      });
    return promise;
  };

  return {
    async begin(terms) {
      started = false;
      // Fixed words and numbers. Both ways of saying read-only are needed: MariaDB 10.11 runs TRUNCATE in a transaction
      // that was merely started READ ONLY, because it commits implicitly first.
      const settings = ['NAMES utf8mb4'];
      settings.push(
        mariadb
          ? `SESSION max_statement_time = ${terms.serverTimeoutMs / 1000}`
          : `SESSION max_execution_time = ${terms.serverTimeoutMs}`,
      );
      if (terms.readOnly) {
        settings.push(`SESSION sql_select_limit = ${terms.limits.rows + 1}`);
        settings.push(`SESSION ${mariadb ? 'tx_read_only' : 'transaction_read_only'} = 1`);
      }
      await plain(`SET ${settings.join(', ')}`);
      await plain(`START TRANSACTION ${terms.readOnly ? 'READ ONLY' : 'READ WRITE'}`);
    },
    async execute(statement, terms) {
      const prepared = await prepare(statement.text);
      started = true;
      const table = await carry(prepared, statement, terms);
      if (!spoilt) prepared.close();
      return table;
    },
    started: () => started,
    async commit() {
      await plain('COMMIT');
    },
    async rollback() {
      // A warning of ROLLBACK is error 1196: tables without transactions keep what was written.
      const answer = await plain('ROLLBACK');
      return warnings(answer) > 0 ? 'partly' : 'undone';
    },
    reset: () =>
      new Promise((resolve, reject) => {
        connection.reset((error) => (error instanceof Error ? reject(error) : resolve()));
      }),
    ping: () =>
      new Promise((resolve, reject) => {
        connection.ping((error) => (error instanceof Error ? reject(error) : resolve()));
      }),
    // What a statement may have set is cleared by the server.
    clean: () => false,
    usable: () => !spoilt && !connected.lost(),
    cancel,
    destroy: () => connected.destroy(),
  };
}

/**
 * Integers travel as integers: the driver would send them as doubles, which compare inexactly with BIGINT and which MySQL
 * refuses in LIMIT. Objects never reach the driver, which would expand them.
 */
function parameter(value: Bound): unknown {
  return Number.isSafeInteger(value) ? mysql.TypedParameter.BIGINT(Number(value)) : value;
}

function affected(header: unknown): number | null {
  return numeric(header, 'affectedRows');
}

function warnings(header: unknown): number {
  return numeric(header, 'warningStatus') ?? 0;
}

function numeric(header: unknown, key: string): number | null {
  const value: unknown = typeof header === 'object' && header !== null ? Reflect.get(header, key) : null;
  return typeof value === 'number' ? value : null;
}
