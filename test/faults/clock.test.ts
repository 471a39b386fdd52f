import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { command } from '../cli/command.ts';
import { intentOf, outcomeOf } from '../contracts/sample-record.ts';
import { openSqliteStore } from '../../src/sessions/sqlite-store/open-sqlite-store.ts';

test('a clock that jumps by years, both ways, costs no record, and what is signed meanwhile verifies', async () => {
  const house = mkdtempSync(join(tmpdir(), 'sallyport-clock-'));
  const path = join(house, 'record.db');
  const year = 365 * 86_400_000;
  try {
    let jump = 0;
    for (const next of [0, -10 * year, 10 * year, -60 * year, 0]) {
      jump = next;
      const store = await openSqliteStore({
        path,
        clock: () => Date.now() + jump,
        log: { keyFile: `${path}.log-key`, checkpointFile: `${path}.checkpoint`, origin: null },
        keys: { kind: 'file', path: `${path}.payload-key` },
      });
      await store.append([intentOf(`a${next}`, 'ses_1'), outcomeOf(`a${next}`, 'ses_1')]);
      // And while it is open.
      jump = -next;
      await store.append([intentOf(`b${next}`, 'ses_1'), outcomeOf(`b${next}`, 'ses_1')]);
      await store.health();
      await store.close();
    }
    const { code, stdout } = await command('verify', '--store', path, '--json');
    assert.equal(code, 0, stdout);
    assert.equal(JSON.parse(stdout).records, 20);
  } finally {
    rmSync(house, { recursive: true, force: true });
  }
});
