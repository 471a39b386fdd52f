import { randomBytes } from 'node:crypto';
import { consistencyProof } from '../sessions/log/proof.ts';
import { readKeyFile } from '../sessions/log/key-file.ts';
import { checkWitnessed } from '../sessions/publish/check-witnessed.ts';
import { askOverHttp, type Ask } from '../sessions/publish/get-and-post.ts';
import { startPublisher } from '../sessions/publish/publisher.ts';
import { startTimestamper } from '../sessions/publish/timestamper.ts';
import { parseWitnessKey } from '../sessions/publish/witness-key.ts';
import { witnessed, type AskedWitness } from '../sessions/publish/witnessed.ts';
import type { Configuration } from './configuration.ts';
import type { OutageEvent } from '../sessions/publish/outage.ts';
import type { SignedState } from '../sessions/publish/submit-checkpoint.ts';
import type { JsonObject } from '../model/json.ts';
import type { Log } from '../model/log.ts';
import type { NewRecord, RecordType } from '../model/record.ts';
import type { Store } from '../sessions/store.ts';

/** Those outside who see the log grow. */
export interface Publishing {
  /** The newest checkpoint for readers: that with cosignatures, as long as the witnesses keep up. */
  readonly checkpoint: () => Promise<string | null>;
  readonly close: () => Promise<void>;
}

export interface PublishingParts {
  readonly configuration: Configuration;
  readonly store: Store;
  readonly append: (records: readonly NewRecord[]) => Promise<void>;
  readonly log: Log;
  readonly now: () => number;
  readonly witnessAsked: (witness: string, worked: boolean) => void;
  readonly timestampAsked: (worked: boolean) => void;
}

/** What each witness of the configuration has seen of this log. Asked before the store is opened, and so never ahead of it. */
export async function askWitnesses(
  { record }: Configuration,
  log: Log,
  ask: Ask = askOverHttp(fetch),
): Promise<readonly { readonly witness: string; readonly note: string }[]> {
  // At a first start there is no key, and nothing that anybody has seen, but for a log of that very name.
  const origin = readKeyFile(record.keyFile)?.name ?? record.origin;
  if (origin === null) return [];
  const asked = await Promise.all(
    witnessesOf(record).map(async (witness) => ({ witness, seen: await witnessed(witness, origin, ask) })),
  );
  return asked.flatMap(({ witness: { key }, seen }) => {
    if (seen.kind === 'seen') return [{ witness: key.name, note: seen.note }];
    if (seen.kind === 'no_answer')
      log(
        'warn',
        { witness: key.name },
        'a witness did not say what it has seen: the start goes on without it',
      );
    return [];
  });
}

/** Throws where the store can't keep what witnesses say, and `StoreRefused` where it does not go on from what one has seen. */
export async function checkSeen(
  { record }: Configuration,
  store: Store,
  seen: Awaited<ReturnType<typeof askWitnesses>>,
): Promise<void> {
  // To go on would be to let people believe that somebody watches.
  if (store.endorsements === undefined && (record.witnesses.length > 0 || record.timestamps !== null))
    throw new Error('record.witnesses and record.timestamps: this kind of store does not keep what they say');
  const key = readKeyFile(record.keyFile)?.verifierKey ?? '';
  for (const each of seen) await checkWitnessed(store, key, each);
}

/** Starts to publish. Nothing waits for it, and no failure of it reaches a call. */
export function startPublishing(parts: PublishingParts): Publishing {
  const { configuration, store, log, now } = parts;
  const { witnesses, witnessEveryMs, timestamps } = configuration.record;
  const { endorsements, published, source } = store;
  const newestPublished = async (): Promise<string | null> => (await published?.checkpoint()) ?? null;
  if (endorsements === undefined || (witnesses.length === 0 && timestamps === null))
    return { checkpoint: newestPublished, close: () => Promise.resolve() };

  async function newest(): Promise<SignedState | null> {
    const query = { from: 1, to: Number.MAX_SAFE_INTEGER, order: 'largest_first', limit: 1 } as const;
    const [found] = await source.checkpoints(query);
    if (found === undefined) return null;
    const { size, note } = found;
    return { size, note, text: note.slice(0, note.lastIndexOf('\n\n') + 1) };
  }
  const onError = (error: unknown): void =>
    log('error', { error: String(error) }, 'a checkpoint could not be published: the store');
  /** An outage that can't be put on record is in the operator's log all the same. */
  async function told(type: RecordType, event: JsonObject): Promise<void> {
    const record = { type, time: now(), session: null, call: null, event, payload: null };
    await parts.append([record]).catch(onError);
  }

  const ask = askOverHttp(fetch);
  const publisher = startPublisher({
    witnesses: witnessesOf(configuration.record),
    newest,
    proof: (older, newer) => consistencyProof((level, index) => source.tile(level, index), older, newer),
    kept: endorsements,
    ask,
    now,
    everyMs: witnessEveryMs,
    count: parts.witnessAsked,
    onError,
    async told(witness, event, size) {
      const fields = { witness, size, ...fieldsOf(event) };
      log(event.kind === 'failed' ? 'error' : 'info', fields, WITNESS_WORDS[event.kind]);
      await told(event.kind === 'failed' ? 'witness.failed' : 'witness.recovered', fields);
    },
  });
  const timestamper =
    timestamps === null
      ? null
      : startTimestamper({
          ...timestamps,
          newest,
          kept: endorsements,
          ask,
          now,
          random: randomBytes,
          count: parts.timestampAsked,
          onError,
          async told(event, size) {
            const fields = { size, ...fieldsOf(event) };
            log(event.kind === 'failed' ? 'error' : 'info', fields, STAMP_WORDS[event.kind]);
            await told(event.kind === 'failed' ? 'timestamp.failed' : 'timestamp.recovered', fields);
          },
        });

  return {
    checkpoint: async () =>
      witnesses.length > 0 && publisher.healthy()
        ? ((await endorsements.cosigned()) ?? (await newestPublished()))
        : await newestPublished(),
    async close() {
      await Promise.all([publisher.close(), timestamper?.close()]);
    },
  };
}

const WITNESS_WORDS = { failed: 'a witness did not cosign', recovered: 'a witness cosigns again' } as const;
const STAMP_WORDS = { failed: 'there was no time stamp', recovered: 'there are time stamps again' } as const;

function fieldsOf(event: OutageEvent<string>): JsonObject {
  if (event.kind === 'failed') return { failure: event.failure, detail: event.detail };
  return { since: event.since, attempts: event.attempts };
}

function witnessesOf({ witnesses }: Configuration['record']): readonly AskedWitness[] {
  return witnesses.map(({ url, monitor, key: text }) => {
    const key = parseWitnessKey(text);
    // The schema of the configuration has looked at it.
    if (key === null) throw new Error('not the key of a witness');
    return { url, monitor, key };
  });
}
