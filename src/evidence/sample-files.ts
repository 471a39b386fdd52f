import { inclusionProof, type TileReader } from '../sessions/log/proof.ts';
import { tlogProof } from '../sessions/log/tlog-proof.ts';
import type { StoredCheckpoint } from '../sessions/store.ts';
import type { Row } from './csv/line.ts';
import { textOf, utc } from './pack-record.ts';
import type { SampledItem } from './sample.ts';
import type { ZipFile } from './zip-file.ts';

const SAMPLE_COLUMNS = [
  [
    'draw',
    'hex: SHA-256 of the root of log/end.checkpoint in base64, a line feed, the index and a line feed',
  ],
  [
    'index',
    'record in the log; its bytes are in samples/<index>.json and its proof in samples/<index>.tlog-proof',
  ],
  ['time', 'UTC'],
  ['type', 'call.intent or call.refused'],
  ['call', 'id of the call'],
  ['principal', 'who called'],
  ['tool', 'what was called'],
] as const;

/** The drawn calls, each with the proof that it is in the log. */
export async function writeSamples(
  zip: ZipFile,
  csv: (name: string, columns: readonly (readonly [string, string])[], rows: readonly Row[]) => void,
  {
    drawn,
    tiles,
    end,
  }: { readonly drawn: readonly SampledItem[]; readonly tiles: TileReader; readonly end: StoredCheckpoint },
): Promise<void> {
  csv(
    'samples/samples.csv',
    SAMPLE_COLUMNS,
    drawn.map(({ draw, record: { index, time, type, call, event } }) => [
      draw,
      index,
      utc(time),
      type,
      call,
      textOf(event, 'principal'),
      textOf(event, 'tool'),
    ]),
  );
  for (const { entry, record } of drawn) {
    zip.put(`samples/${record.index}.json`, entry);
    const proof = await inclusionProof(tiles, record.index, end.size);
    zip.put(`samples/${record.index}.tlog-proof`, tlogProof(record.index, proof, end.note));
  }
}
