import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';

/** All of standard input. */
export function readAll(): Promise<string> {
  return text(process.stdin);
}

/** Standard input line by line, so that a long stream is worked on as it comes. Empty lines are passed over. */
export async function* readLines(): AsyncGenerator<string> {
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity }))
    if (line.trim() !== '') yield line;
}
