import { Buffer } from 'node:buffer';

/** A file of policies as it was read. */
export interface PolicyFile {
  /** As a person would type it. */
  readonly path: string;
  readonly text: string;
}

export interface Place {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 units as editors count. */
  readonly column: number;
}

/** The place of a position in a file. */
export function placeAt(file: PolicyFile, position: number): Place {
  const before = file.text.slice(0, position);
  const line = before.split('\n').length;
  return { file: file.path, line, column: position - (before.lastIndexOf('\n') + 1) + 1 };
}

/** Cedar counts bytes of UTF-8, JavaScript UTF-16 units: one `é` before an error would point a column off. */
export function positionOfByte(text: string, byte: number): number {
  return Buffer.from(text, 'utf8').subarray(0, byte).toString('utf8').length;
}
