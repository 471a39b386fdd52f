import type { GrowingFile, ZipFile } from './zip-file.ts';

/** Lines of one kind, over as many files as they need: `<folder>/<the index that its first line is of>.jsonl`. */
export interface LinesFile {
  /** `line` without its end. */
  readonly add: (index: number, line: string) => void;
  /** Lines over all files. */
  readonly lines: () => number;
}

/** Where a file ends and the next begins. Both are far below what an archive can hold, and one is quickly searched. */
const MAX_LINES = 65_536;
const MAX_SIZE = 256 * 1024 * 1024;

/** `counted` is told of each line, by the file's name. */
export function createLinesFile(zip: ZipFile, folder: string, counted: (file: string) => void): LinesFile {
  let current: { readonly name: string; readonly file: GrowingFile; lines: number } | null = null;
  let lines = 0;
  return {
    add(index, line) {
      if (current === null || current.lines >= MAX_LINES || current.file.size() >= MAX_SIZE) {
        const name = `${folder}/${String(index).padStart(12, '0')}.jsonl`;
        current = { name, file: zip.grow(name), lines: 0 };
      }
      current.file.write(`${line}\n`);
      current.lines += 1;
      lines += 1;
      counted(current.name);
    },
    lines: () => lines,
  };
}
