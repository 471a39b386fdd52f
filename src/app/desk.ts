import { createApprovalDesk } from '../approval/desk.ts';
import { createWebhook, type Webhook } from '../approval/webhook.ts';
import { maskJson, maskText } from '../masking/mask.ts';
import { uuidv7 } from './ids.ts';
import type { Configuration } from './configuration.ts';
import type { LoadedRules } from './rules.ts';
import { lacksJustification, type Approval } from '../model/approval.ts';
import type { ApprovalDesk } from '../model/approval-desk.ts';
import type { Log } from '../model/log.ts';
import type { Store } from '../sessions/store.ts';

/** The desk on this store, under the rules of the moment. */
export async function openDesk(
  store: Store,
  rules: () => LoadedRules,
  { approval: { mostPending } }: Configuration,
): Promise<ApprovalDesk> {
  const clock = Date.now;
  return createApprovalDesk({
    store,
    clock,
    newId: () => `apr_${uuidv7(clock())}`,
    mask: {
      json: (value) => maskJson(value, rules().masking),
      text: (text) => maskText(text, rules().masking).value,
    },
    mayApprove: (reviewer, request) => rules().policies.mayApprove(reviewer, request),
    digestKey: await store.secret('approval-digest'),
    defaults: { mostPending },
  });
}

export interface TellingDesk {
  readonly desk: ApprovalDesk;
  /** Gives up deliveries that are still to be made. */
  readonly close: () => Promise<void>;
}

/**
 * A desk that tells the configured webhooks of each request once it can be decided, which is when its requester has said
 * why where policy asks that, and puts on record what became of the telling.
 */
export function tellWebhooks(desk: ApprovalDesk, configuration: Configuration, log: Log): TellingDesk {
  const { publicUrl } = configuration.server;
  const hooks = configuration.approval.webhooks.map(({ url, secret, format, retry }): Webhook => {
    const { host } = new URL(url);
    return createWebhook({
      url,
      secret,
      format,
      retryAfterMs: retry,
      link: ({ request }) => `${publicUrl}/console/approvals/${request.id}`,
      fetch,
      clock: Date.now,
      ended(approval, delivered, detail) {
        const { id } = approval.request;
        if (!delivered) return log('error', { approval: id, host, detail }, 'webhook given up');
        log('info', { approval: id, host }, 'webhook delivered');
        desk
          .asked(approval, 'webhook', host)
          .catch((error: unknown) =>
            log('error', { approval: id, error: String(error) }, 'webhook not on record'),
          );
      },
    });
  });
  const tell = (approval: Approval): void => {
    if (!lacksJustification(approval)) for (const hook of hooks) hook.tell(approval);
  };
  return {
    desk: {
      ...desk,
      async request(held) {
        const approval = await desk.request(held);
        // The one that was filed for this very call is new; any other was told of before.
        if (approval !== 'too_many' && approval.version === 1 && approval.request.call === held.call.id)
          tell(approval);
        return approval;
      },
      async justify(id, by, text) {
        const justified = await desk.justify(id, by, text);
        if (justified.ok) tell(justified.approval);
        return justified;
      },
    },
    close: async () => {
      await Promise.all(hooks.map((hook) => hook.close()));
    },
  };
}
