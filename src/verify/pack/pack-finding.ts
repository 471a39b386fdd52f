/** What can be wrong with a pack. `docs/evidence.md` says what each means. */
export type PackFindingKind =
  | 'archive_invalid'
  | 'manifest_invalid'
  | 'key_changed'
  | 'signature_invalid'
  | 'file_missing'
  | 'file_added'
  | 'file_changed'
  | 'checkpoint_invalid'
  | 'consistency_invalid'
  | 'tiles_edited'
  | 'record_edited'
  | 'record_unreadable'
  | 'records_missing'
  | 'history_rewritten'
  | 'payload_edited'
  | 'payload_added'
  | 'payload_missing'
  | 'events_differ'
  | 'table_differs'
  | 'sample_differs'
  | 'rules_differ'
  | 'verification_differs'
  | PackWarningKind;

type PackWarningKind = 'payload_erased' | 'key_untrusted';

export interface PackFinding {
  readonly kind: PackFindingKind;
  /** The file of the pack that it is in, where it is in one. */
  readonly file: string | null;
  /** The record it is about, where it is about one. */
  readonly index: number | null;
  /** One sentence. Nothing of what the pack says but names and ids. */
  readonly message: string;
}

export function isPackWarning({ kind }: PackFinding): boolean {
  return kind === 'payload_erased' || kind === 'key_untrusted';
}

export interface PackFindings {
  add(kind: PackFindingKind, file: string | null, index: number | null, message: string): void;
  readonly list: readonly PackFinding[];
  /** How many more there were than are listed. */
  omitted(): number;
}

const MAX_OF_A_KIND = 100;

export function createPackFindings(): PackFindings {
  const list: PackFinding[] = [];
  const counts = new Map<PackFindingKind, number>();
  let omitted = 0;
  return {
    list,
    add(kind, file, index, message) {
      const count = counts.get(kind) ?? 0;
      counts.set(kind, count + 1);
      if (count < MAX_OF_A_KIND) list.push({ kind, file, index, message });
      else omitted += 1;
    },
    omitted: () => omitted,
  };
}

/** Ends verification: what follows has nothing to stand on. */
export class PackUnusable extends Error {
  override readonly name = 'PackUnusable';
  readonly kind: PackFindingKind;
  readonly file: string | null;

  constructor(kind: PackFindingKind, file: string | null, message: string) {
    super(message);
    this.kind = kind;
    this.file = file;
  }
}
