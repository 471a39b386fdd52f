/** What can be wrong with a record. `docs/verifying.md` says what each means and what to do. */
type FindingKind =
  | 'record_edited'
  | 'record_deleted'
  | 'record_inserted'
  | 'record_moved'
  | 'record_unreadable'
  | 'columns_edited'
  | 'payload_edited'
  | 'payload_added'
  | 'payload_missing'
  | 'payload_not_erased'
  | 'hold_broken'
  | 'payload_key_missing'
  | 'payload_key_edited'
  | 'truncated'
  | 'rolled_back'
  | 'history_rewritten'
  | 'two_histories'
  | 'key_changed'
  | 'signature_invalid'
  | 'checkpoint_invalid'
  | 'checkpoint_missing'
  | 'cosignature_invalid'
  | 'tiles_edited'
  | 'outcome_without_intent'
  | 'session_incomplete'
  | WarningKind;

/** What a crash, a clock or a file that was not kept explains as well. */
type WarningKind = 'outcome_missing' | 'clock_backwards' | 'unsigned' | 'nothing_kept';

export interface Finding {
  readonly kind: FindingKind;
  /** The record it is about, where it is about one; the first of several. */
  readonly index: number | null;
  /** One sentence. Nothing of what a record says, but ids. */
  readonly message: string;
}

const WARNINGS: ReadonlySet<FindingKind> = new Set<WarningKind>([
  'outcome_missing',
  'clock_backwards',
  'unsigned',
  'nothing_kept',
]);

export function isWarning({ kind }: Finding): boolean {
  return WARNINGS.has(kind);
}

/** An id out of a file that anybody may have written to, for a terminal. */
export function shownId(id: string): string {
  return /^[\w./-]{1,80}$/.test(id) ? id : '(no id)';
}

export interface Findings {
  add(kind: FindingKind, index: number | null, message: string): void;
  readonly list: readonly Finding[];
  /** How many more there were than are listed. */
  omitted(): number;
}

/** Of one kind: an edit of everything would otherwise fill the memory. */
const MAX_OF_A_KIND = 100;

export function createFindings(): Findings {
  const list: Finding[] = [];
  const counts = new Map<FindingKind, number>();
  let omitted = 0;
  return {
    list,
    add(kind, index, message) {
      const count = counts.get(kind) ?? 0;
      counts.set(kind, count + 1);
      if (count < MAX_OF_A_KIND) list.push({ kind, index, message });
      else omitted += 1;
    },
    omitted: () => omitted,
  };
}
