import { createHash } from 'node:crypto';
import type { Entry } from '../entry.ts';
import { hashOfEntry } from '../merkle-root.ts';
import { provesInclusion } from '../merkle-proof.ts';
import { csvRows } from './csv-rows.ts';
import type { Manifest } from './manifest.ts';
import type { OpenPack } from './open-pack.ts';
import type { PackFindings } from './pack-finding.ts';
import type { PackLog } from './pack-log.ts';

/** Draws again what was drawn, and verifies the proof of each. */
export interface SamplesCheck {
  readonly record: (index: number, entry: Entry, text: string) => void;
  readonly end: () => Promise<void>;
}

interface Drawn {
  readonly index: number;
  readonly draw: string;
  readonly text: string;
}

export function checkSamples(
  pack: OpenPack,
  manifest: Manifest,
  log: PackLog,
  findings: PackFindings,
): SamplesCheck {
  const { wanted } = manifest.sample;
  let held: Drawn[] = [];
  let population = 0;

  function cut(): void {
    held = held.toSorted((a, b) => (a.draw < b.draw ? -1 : 1)).slice(0, wanted);
  }

  function differs(file: string, index: number | null, message: string): void {
    findings.add('sample_differs', file, index, message);
  }

  async function checkOne({ index, text }: Drawn): Promise<void> {
    const name = `samples/${index}`;
    const entry = (await pack.whole(`${name}.json`))?.toString('utf8');
    if (entry !== text) return differs(`${name}.json`, index, `${name}.json is not record ${index}`);
    const proof = readProof((await pack.whole(`${name}.tlog-proof`))?.toString('utf8') ?? '');
    const proven =
      proof !== null &&
      proof.index === index &&
      proof.note === log.endNote &&
      provesInclusion({
        index,
        size: manifest.end,
        leaf: hashOfEntry(text),
        root: Buffer.from(log.endRoot, 'base64'),
        proof: proof.path,
      });
    if (!proven)
      differs(
        `${name}.tlog-proof`,
        index,
        `${name}.tlog-proof does not prove that record ${index} is in the log`,
      );
  }

  return {
    record(index, { type }, text) {
      if (type !== 'call.intent' && type !== 'call.refused') return;
      population += 1;
      const draw = createHash('sha256').update(`${log.endRoot}\n${index}\n`).digest('hex');
      held.push({ index, draw, text });
      if (held.length > 2 * wanted + 64) cut();
    },
    async end() {
      cut();
      const file = 'samples/samples.csv';
      const rows: (readonly string[])[] = [];
      if (pack.names.includes(file)) for await (const row of csvRows(pack.lines(file))) rows.push(row);
      const said = rows.slice(1).map(([draw, index]) => `${draw} ${index}`);
      if (
        said.join() !== held.map(({ draw, index }) => `${draw} ${index}`).join() ||
        population !== manifest.sample.of
      )
        differs(file, null, 'the sample is not the one that the root at the end draws');
      for (const drawn of held) await checkOne(drawn);
    },
  };
}

/** C2SP tlog-proof. Null where the text is none. */
export function readProof(
  text: string,
): { readonly index: number; readonly path: readonly Buffer[]; readonly note: string } | null {
  const split = text.indexOf('\n\n');
  const [title, place = '', ...hashes] = text.slice(0, split).split('\n');
  const index = /^index (0|[1-9]\d*)$/.exec(place)?.[1];
  if (split === -1 || title !== 'c2sp.org/tlog-proof@v1' || index === undefined) return null;
  return {
    index: Number(index),
    path: hashes.map((hash) => Buffer.from(hash, 'base64')),
    note: text.slice(split + 2),
  };
}
