import { closeSync, fsyncSync, openSync } from 'node:fs';

/** A file whose directory was not synced can be gone after a power cut, with everything that was synced into it. */
export function syncDirectory(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
