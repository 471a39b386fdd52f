import type { OpenPack } from './open-pack.ts';

/** Reads what stands beside records, which is in their order: a step for each record that has something there. */
export interface Beside<Item> {
  /** The next item, which is not taken; null at the end. */
  readonly next: () => Promise<Item | null>;
  readonly take: () => void;
}

export function beside<Item>(items: AsyncIterator<Item>): Beside<Item> {
  let held: { readonly item: Item | null } | null = null;
  return {
    next: async () => {
      if (held === null) {
        const { done, value } = await items.next();
        held = { item: done === true ? null : value };
      }
      return held.item;
    },
    take: () => {
      held = null;
    },
  };
}

export interface LineOf {
  readonly file: string;
  readonly text: string;
}

/** The lines of every file under a folder, in the order of names. */
export async function* linesUnder(pack: OpenPack, folder: string): AsyncGenerator<LineOf> {
  const names = pack.names.filter((name) => name.startsWith(folder) && name.endsWith('.jsonl'));
  for (const file of names.toSorted()) for await (const text of pack.lines(file)) yield { file, text };
}
