import { consistencyProof, type TileReader } from '../sessions/log/proof.ts';
import { tilesBetween } from './tiles.ts';
import type { Stretch } from './period.ts';
import type { ZipFile } from './zip-file.ts';

/** The signed states of the log, that each goes on from the one before, and the tiles that lead to them. */
export async function writeLog(
  zip: ZipFile,
  {
    tiles,
    stretch,
    verifierKey,
  }: { readonly tiles: TileReader; readonly stretch: Stretch; readonly verifierKey: string },
): Promise<void> {
  const { start, daily, end } = stretch;
  zip.put('log/key', `${verifierKey}\n`);
  if (start !== null) zip.put('log/start.checkpoint', start.note);
  for (const { size, note } of daily) zip.put(`log/daily/${padded(size)}.checkpoint`, note);
  zip.put('log/end.checkpoint', end.note);
  let before = start;
  for (const next of [...daily, end]) {
    if (before !== null && before.size < next.size) {
      const proof = await consistencyProof(tiles, before.size, next.size);
      const lines = proof.map((hash) => `${Buffer.from(hash).toString('base64')}\n`).join('');
      zip.put(`log/consistency/${padded(before.size)}-${padded(next.size)}`, lines);
    }
    before = next;
  }
  for await (const { path, hashes } of tilesBetween(tiles, start?.size ?? 0, end.size))
    zip.put(`log/${path}`, hashes);
}

/** So that the order of names is that of the log. */
function padded(size: number): string {
  return String(size).padStart(12, '0');
}
