import { uuidv7 } from './ids.ts';
import { readMaskingRules } from './mask-text.ts';
import { payloadKeySource } from './payload-key.ts';
import { openRecord, RecordProblem } from './read-record.ts';
import { maskText } from '../masking/mask.ts';
import { printable } from '../sessions/printable.ts';
import type { Configuration } from './configuration.ts';
import type { Loaded } from '../model/load-error.ts';
import type { Disposal, Erasure, Hold, PruneProgress, Rekeyed, Subject } from '../sessions/vault/disposal.ts';
import type { MasterKeySource } from '../sessions/vault/master-key.ts';

export interface Wanted {
  readonly subject: Subject;
  /** As it was typed: it is masked before it is recorded. */
  readonly reason: string;
  readonly by: string;
}

export async function erasePayloads(configuration: Configuration, wanted: Wanted): Promise<Loaded<Erasure>> {
  return await asked(configuration, wanted, (disposal, order) => disposal.erase({ ...wanted, ...order }));
}

/** @returns the id of the hold. */
export async function placeHold(configuration: Configuration, wanted: Wanted): Promise<Loaded<string>> {
  return await asked(configuration, wanted, async (disposal, order) => {
    const id = `hold_${uuidv7(order.at)}`;
    await disposal.hold(id, { ...wanted, ...order });
    return id;
  });
}

export async function releaseHold(
  configuration: Configuration,
  id: string,
  wanted: Omit<Wanted, 'subject'>,
): Promise<Loaded<boolean>> {
  return await asked(configuration, wanted, (disposal, order) =>
    disposal.release(id, { by: wanted.by, ...order }),
  );
}

export async function listHolds(configuration: Configuration): Promise<readonly Hold[]> {
  return await withDisposal(configuration, (disposal) => disposal.holds());
}

/** All that is due now. Counts only, where it is a dry run. */
export async function prunePayloads(
  configuration: Configuration,
  dryRun: boolean,
): Promise<Omit<PruneProgress, 'through' | 'done'>> {
  const { retention } = configuration.record;
  const at = Date.now();
  return await withDisposal(configuration, async (disposal) => {
    const pruned = { arguments: 0, results: 0, refused: 0, approvals: 0 };
    let [held, requests] = [0, 0];
    for (let after = -1; ;) {
      const step = await disposal.prune({ retention, at, after, dryRun });
      for (const each of ['arguments', 'results', 'refused', 'approvals'] as const)
        pruned[each] += step.pruned[each];
      held += step.held;
      requests += step.requests;
      after = step.through;
      if (step.done) return { pruned, held, requests };
    }
  });
}

/** From the key that is named to the one that is configured. */
export async function rekeyPayloads(
  configuration: Configuration,
  old: { readonly file: string } | { readonly env: string; readonly text: string },
  by: string,
): Promise<Rekeyed> {
  const source: MasterKeySource =
    'file' in old
      ? { kind: 'file', path: old.file }
      : { kind: 'text', text: old.text, from: `the environment variable ${old.env}` };
  const fresh = await payloadKeySource(configuration);
  return await withDisposal(
    configuration,
    (disposal) => disposal.rekey(fresh, { by, at: Date.now() }),
    source,
  );
}

/** With a reason in which nothing stands that may not be on record. */
async function asked<T>(
  configuration: Configuration,
  { reason }: Pick<Wanted, 'reason'>,
  work: (disposal: Disposal, order: { readonly reason: string; readonly at: number }) => Promise<T>,
): Promise<Loaded<T>> {
  const rules = await readMaskingRules(configuration.policies, false);
  if (!rules.ok) return rules;
  const order = { reason: maskText(reason.slice(0, MAX_REASON), rules.value).value, at: Date.now() };
  const value = await withDisposal(configuration, (disposal) => work(disposal, order));
  return { ok: true, value, warnings: rules.warnings };
}

/** Characters. */
const MAX_REASON = 2_000;

async function withDisposal<T>(
  configuration: Configuration,
  work: (disposal: Disposal) => Promise<T>,
  keys?: MasterKeySource,
): Promise<T> {
  const store = await openRecord(configuration, false, keys);
  try {
    if (store.disposal === undefined)
      throw new RecordProblem('unusable', 'this kind of store cannot erase, hold or prune yet');
    return await work(store.disposal);
  } finally {
    await store.close();
  }
}

export function renderErasure(found: Erasure): string {
  switch (found.kind) {
    case 'nothing':
      return 'There is nothing to erase.\n';
    case 'held':
      return `Nothing was erased. A legal hold forbids it:\n${renderHolds(found.holds)}`;
    case 'erased': {
      const { sessions, payloads, approvals, tasks, flushed } = found;
      const what = `Erased ${payloads} payloads, ${approvals} requests for approval and ${tasks} tasks`;
      const late = flushed
        ? ''
        : 'Sealed bytes, without their key, are in files of the store until it clears them away: SQLite with the next checkpoint of its log, PostgreSQL with a vacuum.\n';
      return `${what}${sessions === 0 ? '' : `, of ${sessions} sessions`}.\n${late}`;
    }
  }
}

export function renderHolds(holds: readonly Hold[]): string {
  if (holds.length === 0) return 'No holds.\n';
  return holds
    .map(({ id, session, principal, issuer, by, reason, at }) => {
      const over = session ?? `principal ${principal ?? ''}${issuer === null ? '' : ` of ${issuer}`}`;
      return `${id}  ${printable(over)}  by ${printable(by)}, ${new Date(at).toISOString()}\n    ${printable(reason)}\n`;
    })
    .join('');
}

export function renderPruned(found: Omit<PruneProgress, 'through' | 'done'>, dryRun: boolean): string {
  const { pruned, held, requests } = found;
  const counts = Object.entries(pruned).map(([of, count]) => `${count} of ${of}`);
  const kept = held === 0 ? '' : ` A hold keeps ${held}.`;
  return `${dryRun ? 'Would prune' : 'Pruned'} payloads: ${counts.join(', ')}; and ${requests} requests for approval.${kept}\n`;
}
