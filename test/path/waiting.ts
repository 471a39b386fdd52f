/** Waiting for what happens elsewhere: by looking, with a limit that only a hang reaches. */
import { setTimeout as sleep } from 'node:timers/promises';
import { recordsIn } from './on-record.ts';

const LIMIT_MS = 30_000;

export async function until<T>(what: string, look: () => T | null | Promise<T | null>): Promise<T> {
  const deadline = Date.now() + LIMIT_MS;
  for (;;) {
    const seen = await look();
    if (seen !== null) return seen;
    if (Date.now() > deadline) throw new Error(`waited ${LIMIT_MS} ms for ${what}`);
    await sleep(25);
  }
}

/** The id of the first call of a tool whose intent is on record and whose outcome is not: it is running. */
export async function intentOf(folder: { readonly storePath: string }, tool: string): Promise<string> {
  return await until(`an intent of ${tool}`, async () => {
    const records = await recordsIn(folder);
    const ended = new Set(records.filter(({ type }) => type === 'call.outcome').map(({ call }) => call));
    const running = records.find(
      ({ type, event, call }) => type === 'call.intent' && event['tool'] === tool && !ended.has(call),
    );
    return running?.call ?? null;
  });
}
