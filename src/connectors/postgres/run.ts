import type { ResultColumn, TableResult } from '../../model/result.ts';
import type { Session, SessionTerms } from '../session.ts';
import type { Bound, Statement } from '../statement.ts';
import type { Connected } from './connect.ts';
import type { Field, Landed } from './flight.ts';
import { Refused } from '../refused.ts';
import { tableBuilder, wireLimit } from '../table.ts';
import { CopyStream, flight, TooManyBytes } from './flight.ts';
import { cell } from './values.ts';

/** Rows asked for at a time: what a cut by bytes can have fetched in vain. */
const BATCH = 100;
const PORTAL = 'sallyport';
/** Stands in for the name of a type not yet looked up when bytes are counted (NAMEDATALEN is 64). */
const LONGEST_NAME = 'x'.repeat(63);

/** What is printed must not depend on how the database or the role is set up. LOCAL: it ends with the transaction. */
const PRINTING =
  "SET LOCAL datestyle = 'ISO'; SET LOCAL intervalstyle = 'postgres'; SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1";

interface SessionParts {
  readonly connected: Connected;
  readonly cancel: () => Promise<void>;
  /** Names of types by object id, kept for the connector's life. */
  readonly typeNames: Map<number, string>;
}

export function postgresSession({ connected, cancel, typeNames }: SessionParts): Session {
  const { client } = connected;
  let started = false;
  let spoilt = false;

  /** Runs fixed text of this file through the simple protocol, several statements to a round trip. */
  const plain = async (text: string): Promise<string | null> => {
    const answer: unknown = await client.query(text);
    const last: unknown = Array.isArray(answer) ? answer.at(-1) : answer;
    const command: unknown = typeof last === 'object' && last !== null ? Reflect.get(last, 'command') : null;
    return typeof command === 'string' ? command : null;
  };

  const nameTypes = async (fields: readonly Field[]): Promise<readonly ResultColumn[]> => {
    const unknown = fields.map((field) => field.dataTypeID).filter((oid) => !typeNames.has(oid));
    if (unknown.length > 0) {
      const found = await client.query<{ oid: string; typname: string }>(
        'SELECT oid::text AS oid, typname::text AS typname FROM pg_catalog.pg_type WHERE oid = ANY($1::pg_catalog.oid[])',
        [`{${unknown.join(',')}}`],
      );
      for (const { oid, typname } of found.rows) typeNames.set(Number(oid), typname.toLowerCase());
    }
    return fields.map((field) => ({ name: field.name, type: typeNames.get(field.dataTypeID) ?? 'unknown' }));
  };

  const execute = async (statement: Statement, terms: SessionTerms): Promise<TableResult> => {
    const { readOnly, limits } = terms;
    const table = tableBuilder(limits);
    let fields: readonly Field[] = [];
    let fetched = 0;
    const fetch = async (open: boolean): Promise<Landed> => {
      const flying = flight({
        portal: PORTAL,
        ...(open ? { open: { text: statement.text, values: statement.values.map(wireText) } } : {}),
        rows: Math.min(BATCH, Math.max(1, limits.rows + 1 - table.count())),
        wireLimit: readOnly ? wireLimit(limits) : null,
        onFields: (described) => {
          fields = described;
          table.columns(
            described.map((field) => ({
              name: field.name,
              type: typeNames.get(field.dataTypeID) ?? LONGEST_NAME,
            })),
          );
        },
        onRow: (cells) => {
          fetched += 1;
          table.add(cells.map((text, index) => cell(text, fields[index]?.dataTypeID ?? 0)));
        },
      });
      client.query(flying.submittable);
      return flying.landed;
    };
    started = true;
    let tag: string | null = null;
    let flights = 1;
    try {
      let landed = await fetch(true);
      for (; landed.suspended && !table.full(); flights += 1) landed = await fetch(false);
      tag = landed.tag;
      // A statement that returns what it wrote has written all of it by its first row; only its count is left to fetch.
      if (landed.suspended && !readOnly) {
        fetched += (await client.query(`MOVE ALL IN "${PORTAL}"`)).rowCount ?? 0;
        tag = (await fetch(false)).tag;
      }
    } catch (error) {
      spoilt = error instanceof TooManyBytes || error instanceof CopyStream;
      started = !(error instanceof CopyStream);
      if (!(error instanceof TooManyBytes)) throw error;
      table.cutByBytes();
    }
    const columns = spoilt
      ? fields.map((field) => ({ name: field.name, type: typeNames.get(field.dataTypeID) ?? 'unknown' }))
      : await nameTypes(fields);
    table.columns(columns);
    return table.finish(readOnly ? null : changed(tag, flights === 1 ? null : fetched));
  };

  return {
    async begin(terms) {
      started = false;
      const ms = terms.serverTimeoutMs;
      await plain(
        `BEGIN ${terms.readOnly ? 'READ ONLY' : 'READ WRITE'}; SET LOCAL statement_timeout = ${ms}; ` +
          `SET LOCAL idle_in_transaction_session_timeout = ${ms + 5000}; ${PRINTING}`,
      );
    },
    execute,
    started: () => started,
    async commit() {
      // COMMIT of a transaction that failed is answered with ROLLBACK and without an error.
      if ((await plain('COMMIT')) !== 'COMMIT') throw new Refused('The transaction was rolled back.');
    },
    async rollback() {
      await plain('ROLLBACK');
      return 'undone';
    },
    async reset() {
      await plain('DISCARD ALL');
    },
    async ping() {
      await plain('SELECT 1');
    },
    // What a statement may have set is cleared by the server.
    clean: () => false,
    usable: () => !spoilt && !connected.lost(),
    cancel,
    destroy: () => connected.destroy(),
  };
}

/** The text form of a parameter, which the server parses as the type that the statement gives it. */
function wireText(value: Bound): string | null {
  return value === null ? null : String(value);
}

/**
 * `INSERT 0 5`, `UPDATE 5`, `DELETE 5`, `MERGE 5`, `COPY 5` count rows that changed; `SELECT 5` rows returned. Over several
 * flights the tag counts only the last one's (measured on 15: `INSERT 0 0`), and the rows returned are those changed.
 */
function changed(tag: string | null, fetched: number | null): number | null {
  const match = /^(?:INSERT \d+|UPDATE|DELETE|MERGE|COPY) (\d+)$/u.exec(tag ?? '');
  return match?.[1] === undefined ? null : (fetched ?? Number(match[1]));
}
