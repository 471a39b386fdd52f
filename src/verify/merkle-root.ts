import { hash as sha } from 'node:crypto';

/** RFC 6962 §2.1, read leaf by leaf. Written for the verifier alone: it shares no code with what writes the log. */
export function hashOfEntry(entry: string): Buffer {
  return sha('sha256', Buffer.concat([Buffer.of(0x00), Buffer.from(entry, 'utf8')]), 'buffer');
}

export interface RunningRoot {
  add(leaf: Buffer): void;
  readonly root: () => Buffer;
}

/** The hash over a full tree of 2^height leaves. */
export interface FullTree {
  readonly height: number;
  readonly hash: Buffer;
}

/**
 * `full` is told the hash over each full tree of 256, 65,536, … leaves: `level` 1, 2, …, and its place in that level.
 * `before` are the full trees that leaves from before make up, the largest first.
 */
export function createRunningRoot(
  full: (level: number, place: number, hash: Buffer) => void = () => undefined,
  before: readonly FullTree[] = [],
): RunningRoot {
  // The full trees so far, the largest first. Two of one height become one of the next.
  const trees: FullTree[] = [...before];
  let leaves = before.reduce((sum, { height }) => sum + 2 ** height, 0);
  return {
    add(leaf) {
      leaves += 1;
      let tree = { height: 0, hash: leaf };
      for (let left = trees.at(-1); left?.height === tree.height; left = trees.at(-1)) {
        trees.pop();
        tree = { height: tree.height + 1, hash: hashOfNode(left.hash, tree.hash) };
        if (tree.height % 8 === 0) full(tree.height / 8, leaves / 2 ** tree.height - 1, tree.hash);
      }
      trees.push(tree);
    },
    root: () => {
      const last = trees.at(-1);
      if (last === undefined) return sha('sha256', '', 'buffer');
      return trees.slice(0, -1).reduceRight((right, { hash }) => hashOfNode(hash, right), last.hash);
    },
  };
}

export function hashOfNode(left: Buffer, right: Buffer): Buffer {
  return sha('sha256', Buffer.concat([Buffer.of(0x01), left, right]), 'buffer');
}
