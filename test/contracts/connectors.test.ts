import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assert as check, asyncProperty, string } from 'fast-check';
import type { Connector } from '../../src/connectors/connector.ts';
import type { Execution, TableResult } from '../../src/model/result.ts';
import type { PermitOptions } from './permit.ts';
import type { TestBackend } from './backends.ts';
import { openConnector } from '../../src/connectors/open.ts';
import { mysqlBackend, postgresBackend, sqliteBackend } from './backends.ts';
import { permit } from './permit.ts';
import { tcpProxy } from './tcp-proxy.ts';

type Ask = Omit<PermitOptions, 'kind'> & { readonly signal?: AbortSignal; readonly on?: Connector };

/** Polls until it holds: what happens behind an answer happens soon, not at once. */
async function eventually(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 8000;
  while (!(await holds())) {
    assert.ok(Date.now() < deadline, `in eight seconds it did not come true that ${what}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
}

for (const [kind, find] of Object.entries({
  sqlite: sqliteBackend,
  postgres: postgresBackend,
  mysql: mysqlBackend,
})) {
  const found = await find();
  if ('missing' in found) {
    console.log(`# ${kind}: skipped, ${found.missing}`);
    test(`a ${kind} connector keeps the contract`, { skip: found.missing }, () => {});
    continue;
  }
  contract(found);
}

function contract(backend: TestBackend): void {
  const { kind, sql } = backend;
  const connectors: Connector[] = [];
  const open = (...changes: Parameters<TestBackend['options']>): Connector => {
    const connector = openConnector(backend.options(...changes));
    connectors.push(connector);
    return connector;
  };
  let shared: Connector;

  const ask = ({ signal, on, ...options }: Ask): Promise<Execution> =>
    (on ?? shared).run(permit({ kind, ...options }), { signal: signal ?? new AbortController().signal });
  const table = async (options: Ask): Promise<TableResult> => {
    const execution = await ask(options);
    assert.ok(execution.ok, `${options.text}: ${JSON.stringify(execution)}`);
    return execution.result;
  };
  const refusal = async (options: Ask): Promise<Extract<Execution, { ok: false }>> => {
    const execution = await ask(options);
    assert.ok(!execution.ok, `${options.text} went through: ${JSON.stringify(execution)}`);
    return execution;
  };
  const cell = async (options: Ask) => (await table(options)).rows[0]?.[0];
  const items = async (): Promise<number> =>
    Number((await backend.admin('SELECT count(*) FROM items'))[0]![0]);

  describe(`a ${kind} connector`, () => {
    before(async () => {
      await backend.admin('CREATE TABLE items (id int PRIMARY KEY, name varchar(200))');
      await backend.admin("INSERT INTO items VALUES (1, 'one'), (2, NULL), (3, 'three')");
      await backend.admin('CREATE TABLE many (id int)');
      if (kind === 'postgres') await backend.admin('CREATE SEQUENCE counter');
      if (kind === 'mysql') {
        await backend.admin('CREATE TABLE shapes (doc json, flags bit(12), ratio float)');
        await backend.admin(
          `INSERT INTO shapes VALUES ('{"a":[1,{"b":null,"c":12345678901234567890,"d":1.5}]}', b'101', 0.1)`,
        );
      }
      shared = open();
    });
    after(async () => {
      await Promise.all(connectors.map((connector) => connector.close()));
      await backend.stop();
    });

    test('returns columns and rows in order, with duplicate names, NULLs and no rows', async () => {
      const result = await table({ text: 'SELECT id, name, id, 1 AS name FROM items ORDER BY id' });
      assert.deepEqual(
        result.columns.map((column) => column.name),
        ['id', 'name', 'id', 'name'],
      );
      assert.deepEqual(result.rows, [
        [1, 'one', 1, 1],
        [2, null, 2, 1],
        [3, 'three', 3, 1],
      ]);
      assert.equal(result.truncated, null);
      assert.equal(result.rowsAffected, null);
      const none = await table({ text: 'SELECT id, name FROM items WHERE 1 = 0' });
      assert.deepEqual([none.columns.length, none.rows], [2, []]);
    });

    test('brings values back without loss', async () => {
      for (const [expression, expected] of sql.values) {
        assert.deepEqual(await cell({ text: `SELECT ${expression} AS v` }), expected, expression);
      }
    });

    if (kind === 'mysql')
      test('reads bits as a number and a float as it is printed', async () => {
        assert.deepEqual((await table({ text: 'SELECT flags, ratio FROM shapes' })).rows, [[5, 0.1]]);
      });

    test('binds arguments as parameters, so that no text in them is SQL', async () => {
      const text = 'SELECT name FROM items WHERE name = :name';
      for (const name of [
        "' OR '1'='1",
        "one'; DROP TABLE items; --",
        '\\',
        "one\\' OR 1=1 #",
        '$1',
        '?',
        ':name',
        '%',
      ]) {
        assert.deepEqual((await table({ text, fixed: true, args: { name } })).rows, [], name);
      }
      assert.deepEqual((await table({ text, fixed: true, args: { name: 'one' } })).rows, [['one']]);
      assert.equal(await items(), 3);
    });

    test('hands any text through unchanged', async () => {
      const text =
        kind === 'mysql'
          ? 'SELECT CAST(:v AS CHAR) AS v'
          : kind === 'postgres'
            ? 'SELECT :v::text AS v'
            : 'SELECT :v AS v';
      const any = string({ unit: 'binary', maxLength: 200 }).filter((value) => !value.includes('\0'));
      await check(
        asyncProperty(any, async (v) =>
          assert.equal(await cell({ text: text.replace(':v::', ':v ::'), fixed: true, args: { v } }), v),
        ),
        { numRuns: 60, examples: [['😀'], [''], ["'"], ['{"a":1}'], ['\u0301\ud7ff\ue000']] },
      );
    });

    test('binds an absent argument as NULL, an inherited one too, and objects as their JSON', async () => {
      // PostgreSQL wants to be told the type of a parameter that is only compared with NULL.
      const [int, str] = kind === 'postgres' ? [' ::int', ' ::text'] : ['', ''];
      const text = `SELECT id FROM items WHERE (:id${int} IS NULL OR id = :id) AND (:constructor${str} IS NULL OR name = :constructor) ORDER BY id`;
      assert.equal((await table({ text, fixed: true, args: {} })).rows.length, 3);
      assert.deepEqual((await table({ text, fixed: true, args: { id: 2 } })).rows, [[2]]);
      assert.deepEqual((await table({ text, fixed: true, args: { id: null, constructor: 'three' } })).rows, [
        [3],
      ]);
      const injected = {
        text: 'SELECT id FROM items WHERE name = :name',
        fixed: true,
        args: { name: { id: 1 } },
      };
      assert.deepEqual((await table(injected)).rows, []);
    });

    test('binds whole numbers as whole numbers, beyond 32 bits and in LIMIT', async () => {
      const big = 9_007_199_254_740_991;
      assert.deepEqual(
        (await table({ text: 'SELECT id FROM items ORDER BY id LIMIT :n', fixed: true, args: { n: 2 } }))
          .rows,
        [[1], [2]],
      );
      const text =
        kind === 'postgres'
          ? 'SELECT 1 WHERE :n = 9007199254740991'
          : 'SELECT 1 FROM items WHERE id = 1 AND :n = 9007199254740991';
      assert.equal((await table({ text, fixed: true, args: { n: big } })).rows.length, 1);
      assert.equal((await table({ text, fixed: true, args: { n: big - 1 } })).rows.length, 0);
    });

    test('runs one statement: several are refused, whatever the facts say', async () => {
      const text = "SELECT 1; INSERT INTO items VALUES (50, 'second')";
      assert.equal(
        (await refusal({ text, writes: true, facts: { statements: 2 } })).failure,
        'not_permitted',
      );
      const lied = await refusal({ text, writes: true });
      assert.deepEqual([lied.failure, lied.ran], ['rejected', 'no']);
      assert.equal(await items(), 3);
      assert.equal(await cell({ text: 'SELECT 5 AS v ; -- the end' }), 5);
    });

    test('runs nothing that was not inspected, or that belongs to another connection', async () => {
      const insert = { text: 'INSERT INTO items VALUES (60, NULL)', writes: true };
      for (const strange of [
        { ...insert, facts: null },
        { ...insert, connection: 'other' },
        { ...insert, text: `${insert.text}\0` },
      ])
        assert.deepEqual(
          [(await refusal(strange)).failure, (await refusal(strange)).ran],
          ['not_permitted', 'no'],
        );
      assert.equal(await items(), 3);
    });

    test('lets the engine refuse every write under a permit that says read', async () => {
      for (const text of sql.writesInDisguise) {
        const execution = await ask({ text, writes: false });
        assert.ok(!execution.ok, `${text} was let through`);
        assert.equal(execution.ran, 'no', text);
        assert.ok(['not_permitted', 'rejected'].includes(execution.failure), `${text}: ${execution.failure}`);
        assert.equal(await items(), 3, text);
      }
      const sneaked = await ask({ text: 'SELECT * FROM sneaked' });
      assert.equal(sneaked.ok, false);
    });

    test('refuses writes on a connection that is configured read-only', async () => {
      const connector = open({ readOnly: true });
      const refused = await refusal({ on: connector, text: 'DELETE FROM items', writes: true });
      assert.deepEqual([refused.failure, refused.ran], ['not_permitted', 'no']);
      assert.equal(await cell({ on: connector, text: 'SELECT count(*) FROM items' }), 3);
    });

    test('commits a write before it answers, and says how many rows changed', async () => {
      const insert = await table({
        text: "INSERT INTO items VALUES (10, 'ten'), (11, 'eleven')",
        writes: true,
      });
      assert.deepEqual([insert.rowsAffected, insert.columns, insert.rows], [2, [], []]);
      assert.equal(await items(), 5);
      const gone = await table({
        text: 'DELETE FROM items WHERE id >= :from',
        fixed: true,
        args: { from: 10 },
        writes: true,
      });
      assert.equal(gone.rowsAffected, 2);
      assert.equal(await items(), 3);
    });

    test('undoes a write that fails half-way, and is certain of it', async () => {
      const failed = await refusal({
        text: "INSERT INTO items VALUES (20, 'x'), (1, 'duplicate')",
        writes: true,
      });
      assert.deepEqual([failed.failure, failed.ran], ['rejected', 'no']);
      assert.match(failed.message, /unique|duplicate/iu);
      assert.equal(await items(), 3);
    });

    test('never cuts a write: it happens once and completely, and only what it returns is shortened', async () => {
      const result = await table({ text: sql.insertReturning(350), writes: true, limits: { rows: 120 } });
      assert.equal(result.rows.length, 120);
      assert.deepEqual(result.truncated, { by: 'rows', limit: 120 });
      assert.equal(Number((await backend.admin('SELECT count(*) FROM many'))[0]![0]), 350);
      if (kind !== 'mysql') assert.equal(result.rowsAffected, 350);
    });

    test('cuts rows at the limit and says so, and does not where the result just fits', async () => {
      for (const rows of [1, 99, 100, 101, 250]) {
        const fits = await table({ text: sql.series(rows), limits: { rows } });
        assert.deepEqual([fits.rows.length, fits.truncated], [rows, null], `${rows}`);
        const cut = await table({ text: sql.series(rows + 1), limits: { rows } });
        assert.deepEqual([cut.rows.length, cut.truncated], [rows, { by: 'rows', limit: rows }], `${rows}`);
      }
      const far = await table({ text: sql.series(900), limits: { rows: 3 } });
      assert.deepEqual(far.rows, [[1], [2], [3]]);
    });

    test('cuts bytes at the limit, counted on the JSON that would leave', async () => {
      const whole = await table({ text: sql.series(300) });
      const bytes = Buffer.byteLength(JSON.stringify(whole.columns) + JSON.stringify(whole.rows)) - 40;
      const cut = await table({ text: sql.series(300), limits: { bytes } });
      assert.deepEqual(cut.truncated, { by: 'bytes', limit: bytes });
      assert.ok(cut.rows.length > 250 && cut.rows.length < 300, `${cut.rows.length} rows`);
      assert.ok(Buffer.byteLength(JSON.stringify(cut.columns) + JSON.stringify(cut.rows)) <= bytes);
    });

    test('does not gather a cell far beyond the limit', async () => {
      const cut = await table({ text: sql.bigCell(12_000_000), limits: { bytes: 10_000 } });
      assert.deepEqual([cut.rows.length, cut.truncated], [0, { by: 'bytes', limit: 10_000 }]);
      assert.equal(await cell({ text: 'SELECT 1 AS v' }), 1);
    });

    test('stops a read at its time limit, at the server', async () => {
      const cut = await refusal({ text: sql.slowRead, limits: { timeoutMs: 400 } });
      assert.deepEqual([cut.failure, cut.ran], ['timeout', 'no']);
      await eventually('nothing runs any more', async () => (await backend.running()) === 0);
    });

    test('stops a read at the server when the caller goes away', async () => {
      const caller = new AbortController();
      const answer = refusal({ text: sql.slowRead, signal: caller.signal });
      await eventually('the statement runs', async () => (await backend.running()) === 1);
      caller.abort();
      assert.deepEqual([(await answer).failure, (await answer).ran], ['cancelled', 'no']);
      await eventually('nothing runs any more', async () => (await backend.running()) === 0);
      const already = await refusal({ text: 'SELECT 1', signal: AbortSignal.abort() });
      assert.deepEqual([already.failure, already.ran], ['cancelled', 'no']);
    });

    test('rolls a write back that ran out of time, and leaves no lock', async () => {
      for (const signal of [undefined, AbortSignal.timeout(700)]) {
        const cut = await refusal({
          text: sql.slowWrite,
          writes: true,
          limits: { timeoutMs: signal ? 30_000 : 500 },
          ...(signal ? { signal } : {}),
        });
        assert.deepEqual([cut.failure, cut.ran], [signal ? 'cancelled' : 'timeout', 'no']);
        await eventually('nothing runs any more', async () => (await backend.running()) === 0);
        assert.equal(await items(), 3);
        const next = await table({
          text: "UPDATE items SET name = 'one' WHERE id = 1",
          writes: true,
          limits: { timeoutMs: 5000 },
        });
        assert.ok(next.rowsAffected !== null);
      }
    });

    test('leaves nothing of one call for the next', async () => {
      const connector = open({ max: 1 });
      for (const { leave, writes, look, fresh } of sql.leaks) {
        await table({ on: connector, text: leave, writes });
        assert.deepEqual(await cell({ on: connector, text: look }), fresh, leave);
      }
      // Temporary tables are the one thing that every engine has.
      await table({ on: connector, text: 'CREATE TEMPORARY TABLE passing (id int)', writes: true });
      assert.equal((await ask({ on: connector, text: 'SELECT * FROM passing' })).ok, false);
    });

    test('keeps its pool bounded under fifty calls at once, and answers them all', async () => {
      const connector = open({ max: 3 });
      let most = 0;
      const calls = Array.from({ length: 50 }, (_, index) =>
        cell({ on: connector, text: `SELECT ${index} AS v`, limits: { timeoutMs: 60_000 } }),
      );
      const watching = (async () => {
        for (let look = 0; look < 10; look += 1) most = Math.max(most, await backend.sessions());
      })();
      assert.deepEqual(
        await Promise.all(calls),
        Array.from({ length: 50 }, (_, index) => index),
      );
      await watching;
      const others = connectors.length - 1;
      assert.ok(most <= 3 + others * 10, `${most} sessions`);
      await connector.close();
    });

    test('counts waiting for a connection as the call’s time', async () => {
      const connector = open({ max: 1 });
      const caller = new AbortController();
      const holder = ask({ on: connector, text: sql.slowRead, signal: caller.signal });
      await eventually('the one connection is taken', async () => (await backend.running()) === 1);
      const waiting = await refusal({ on: connector, text: 'SELECT 1', limits: { timeoutMs: 300 } });
      assert.deepEqual([waiting.failure, waiting.ran], ['timeout', 'no']);
      caller.abort();
      await holder;
      assert.equal(await cell({ on: connector, text: 'SELECT 2 AS v' }), 2);
    });

    test('survives its sessions being killed, while idle and in the middle of a statement', async () => {
      const answer = refusal({ text: sql.slowRead, limits: { timeoutMs: 20_000 } });
      await eventually('the statement runs', async () => (await backend.running()) === 1);
      await backend.killSessions();
      assert.deepEqual([(await answer).failure, (await answer).ran], ['unavailable', 'no']);
      assert.equal(await cell({ text: 'SELECT 1 AS v' }), 1);
      await backend.killSessions();
      await eventually('they are gone', async () => (await backend.sessions()) === 0);
      // The end of a process is known some milliseconds after it; that of a server's session when it is next used.
      if (kind === 'sqlite') await eventually('it answers', async () => (await ask({ text: 'SELECT 2' })).ok);
      assert.equal(await cell({ text: 'SELECT 2 AS v' }), 2);
      assert.equal((await shared.health()).ok, true);
    });

    test('closes while a call runs, and is unavailable afterwards', async () => {
      const connector = open();
      const answer = ask({ on: connector, text: sql.slowRead });
      await eventually('the statement runs', async () => (await backend.running()) === 1);
      await connector.close();
      assert.equal((await answer).ok, false);
      await eventually('nothing runs any more', async () => (await backend.running()) === 0);
      assert.equal((await refusal({ on: connector, text: 'SELECT 1' })).failure, 'unavailable');
      assert.equal((await connector.health()).ok, false);
    });

    if (backend.port !== null) overTheNetwork(backend.port);
  });

  function overTheNetwork(port: number): void {
    test('answers within the limit while the backend is away or silent, and works again once it is back', async () => {
      const proxy = await tcpProxy(port);
      const connector = open({ port: proxy.port, max: 2 });
      try {
        const probe = (timeoutMs = 5000): Promise<Execution> =>
          ask({ on: connector, text: 'SELECT 1 AS v', limits: { timeoutMs } });
        assert.equal((await probe()).ok, true);
        for (const fail of ['cut', 'stall', 'cut', 'stall'] as const) {
          proxy[fail]();
          for (let call = 0; call < 3; call += 1) {
            const away = await probe(500);
            assert.ok(
              !away.ok && away.ran === 'no' && ['unavailable', 'timeout'].includes(away.failure),
              JSON.stringify(away),
            );
          }
          proxy.restore();
          await eventually('it answers again', async () => (await probe()).ok);
          assert.equal((await probe()).ok, true);
        }
      } finally {
        await connector.close();
        await proxy.close();
      }
    });

    test('says that it cannot know when the connection goes silent at the commit', async () => {
      const proxy = await tcpProxy(port);
      const connector = open({ port: proxy.port });
      try {
        await table({ on: connector, text: 'SELECT 1' });
        proxy.stallAt('COMMIT');
        const unknown = await refusal({
          on: connector,
          text: 'INSERT INTO items VALUES (70, NULL)',
          writes: true,
          limits: { timeoutMs: 600 },
        });
        assert.deepEqual([unknown.failure, unknown.ran], ['timeout', 'maybe']);
        proxy.restore();
        await backend.killSessions();
        await eventually('the lost transaction is gone', async () => (await backend.running()) === 0);
        assert.equal(await items(), 3);
      } finally {
        await connector.close();
        await proxy.close();
      }
    });

    test('never tells a password, a user or an address', async () => {
      const planted = {
        password: 'planted-Passw0rd/@:%',
        user: 'planted_user',
        host: 'planted-host.invalid',
      };
      const scheme = kind === 'mysql' ? 'mysql' : 'postgres';
      const url = (host: string, at: number): string =>
        `${scheme}://${planted.user}:${encodeURIComponent(planted.password)}@${host}:${at}/planted_database`;
      const said: string[] = [];
      for (const [host, at] of [
        ['127.0.0.1', port],
        ['127.0.0.1', 1],
        [planted.host, port],
        ['localhost', port],
      ] as const) {
        const ssl = said.length > 4 ? { ssl: { mode: 'verify-full' } as const } : {};
        const connector = openConnector({
          kind: scheme,
          name: 'backend',
          url: url(host, at),
          connectTimeoutMs: 2000,
          ...ssl,
        });
        connectors.push(connector);
        const refused = await refusal({ on: connector, text: 'SELECT 1' });
        assert.ok(
          ['unavailable', 'timeout', 'not_permitted'].includes(refused.failure),
          JSON.stringify(refused),
        );
        said.push(refused.message, (await connector.health()).detail);
      }
      for (const bad of ['x', 'y=z'])
        assert.throws(
          () =>
            openConnector({
              kind: scheme,
              name: 'backend',
              url: `${url(planted.host, port)}?${bad}=${planted.password}`,
            }),
          (error: Error) => said.push(error.message, error.stack ?? '') > 0,
        );
      for (const message of said)
        for (const secret of [
          ...Object.values(planted),
          encodeURIComponent(planted.password),
          '127.0.0.1',
          'planted',
        ])
          assert.ok(!message.includes(secret), `${secret} in: ${message}`);
    });
  }
}
