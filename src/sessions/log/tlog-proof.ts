/**
 * That an entry is in the log, as C2SP tlog-proof writes it: verified offline, by whoever has the entry and the verifier
 * key of the log. `note` is the signed checkpoint that `path` leads to.
 */
export function tlogProof(index: number, path: readonly Uint8Array[], note: string): string {
  const hashes = path.map((hash) => `${Buffer.from(hash).toString('base64')}\n`).join('');
  return `c2sp.org/tlog-proof@v1\nindex ${index}\n${hashes}\n${note}`;
}
