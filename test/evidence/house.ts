import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../../src/cli/program.ts';
import { createZipFile } from '../../src/evidence/zip-file.ts';
import { manifestNote } from '../../src/evidence/manifest.ts';
import { readKeyFile } from '../../src/sessions/log/key-file.ts';
import { openSqliteStore } from '../../src/sessions/sqlite-store/open-sqlite-store.ts';
import { openPack } from '../../src/verify/pack/open-pack.ts';
import type { NewRecord } from '../../src/model/record.ts';

export const DAY = 86_400_000;
export const FIRST_DAY = Date.parse('2026-11-01T00:00:00Z');

/** A folder with a configuration and the record of a gateway. */
export interface House {
  readonly dir: string;
  readonly db: string;
  readonly config: string;
  /** Appends, and signs at that moment. */
  readonly write: (at: number, records: readonly NewRecord[]) => Promise<void>;
  readonly key: () => string;
  readonly remove: () => void;
}

export function makeHouse(): House {
  const dir = mkdtempSync(join(tmpdir(), 'sallyport-evidence-'));
  const db = join(dir, 'data/sallyport.db');
  const config = join(dir, 'sallyport.yaml');
  mkdirSync(join(dir, 'skills'));
  mkdirSync(join(dir, 'policies'));
  const yaml = [
    'store: sqlite:./data/sallyport.db',
    'connections: {}',
    'skills: ./skills',
    'policies: ./policies',
  ];
  writeFileSync(config, `${yaml.join('\n')}\n`);
  const log = { keyFile: `${db}.log-key`, checkpointFile: `${db}.checkpoint`, origin: 'example.com/log' };
  return {
    dir,
    db,
    config,
    write: async (at, records) => {
      const store = await openSqliteStore({ path: db, clock: () => at, log });
      await store.append(records);
      await store.close();
    },
    key: () => readFileSync(`${db}.log-key.pub`, 'utf8').trim(),
    remove: () => rmSync(dir, { recursive: true }),
  };
}

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export async function evidence(...words: readonly string[]): Promise<Ran> {
  let [out, err] = ['', ''];
  const output = { out: (text: string) => void (out += text), err: (text: string) => void (err += text) };
  const code = await runProgram(['evidence', ...words], output, {});
  return { code, out, err };
}

export async function exportPack(house: House, out: string, ...options: readonly string[]): Promise<Ran> {
  return await evidence('export', '--config', house.config, '--out', out, '--json', ...options);
}

/** Every file of a pack. */
export async function filesOf(path: string): Promise<Map<string, string>> {
  const pack = openPack(path);
  const files = new Map<string, string>();
  for (const name of pack.names) files.set(name, (await pack.whole(name))?.toString('latin1') ?? '');
  pack.close();
  return files;
}

/** The files as an archive. */
export function packUp(path: string, files: ReadonlyMap<string, string>): void {
  const zip = createZipFile(path, `${path}.part`);
  for (const [name, text] of files) zip.put(name, Buffer.from(text, 'latin1'));
  zip.settle();
  zip.close();
}

/** As somebody who holds the key of the log would sign them. */
export function signed(house: House, path: string, files: Map<string, string>): void {
  const said = JSON.parse(Buffer.from(files.get('manifest.json') ?? '', 'latin1').toString('utf8')) as object;
  files.delete('manifest.json');
  files.delete('manifest.note');
  packUp(path, files);
  const zip = createZipFile(`${path}.listed`, `${path}.part`);
  for (const [name, text] of files) zip.put(name, Buffer.from(text, 'latin1'));
  const manifest = `${JSON.stringify({ ...said, files: zip.files() })}\n`;
  zip.close();
  rmSync(`${path}.listed`);
  rmSync(path);
  const signer = readKeyFile(`${house.db}.log-key`)!;
  files.set('manifest.json', Buffer.from(manifest).toString('latin1'));
  files.set('manifest.note', Buffer.from(manifestNote(manifest, signer)).toString('latin1'));
  packUp(path, files);
}
