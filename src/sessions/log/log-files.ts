import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { damaged } from './continuation.ts';
import { BadKeyFile, createKeyFile, readKeyFile } from './key-file.ts';
import { StoreRefused } from '../store.ts';
import type { Signer } from './note.ts';

export interface LogSettings {
  /** Absolute. Made, with the public key beside it, where neither it nor a checkpoint exists. */
  readonly keyFile: string;
  /** Absolute. The latest checkpoint, outside the database: what tells that the database was put back. */
  readonly checkpointFile: string;
  /** The name of the log, which must be that of its key. Null: whatever the key says. */
  readonly origin: string | null;
}

export interface OpenedLog {
  readonly verifierKey: string;
  /** False where the database has checkpoints and there is none outside of it. */
  readonly keptOutside: boolean;
}

/** The checkpoint that is kept outside of the database. Read before it: it is written after, and so is never ahead. */
export function readKept({ keyFile, checkpointFile }: LogSettings): string | null {
  for (const path of [keyFile, checkpointFile]) mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    return readFileSync(checkpointFile, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** The key of the log, made where nothing was `signed` with one yet. Throws `StoreRefused` where it is not to be had. */
export function openKey({ keyFile, origin }: LogSettings, signed: boolean): Signer {
  const found = signerIn(keyFile);
  if (found === null && signed)
    throw damaged(`the key that signed it is missing: put ${keyFile} back where it was`);
  const key = found ?? createKeyFile(keyFile, origin);
  if (origin !== null && origin !== key.name)
    throw damaged(`record.origin is "${origin}", and ${keyFile} is the key of "${key.name}"`);
  return key;
}

function signerIn(path: string): Signer | null {
  try {
    return readKeyFile(path);
  } catch (error) {
    throw error instanceof BadKeyFile ? new StoreRefused('log_damaged', error.message) : error;
  }
}
