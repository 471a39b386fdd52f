import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { webhookEvent, slackMessage } from './webhook-message.ts';
import type { Approval } from '../model/approval.ts';

export interface WebhookOptions {
  readonly url: string;
  /** The key of Standard Webhooks: `whsec_` and base64, or the base64 alone. */
  readonly secret: string;
  /** `standard`: the event as JSON. `slack`: a message that Slack, and what imitates it, shows. */
  readonly format: 'standard' | 'slack';
  /** The page where the request is decided. */
  readonly link: (approval: Approval) => string;
  readonly fetch: typeof fetch;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** For the log and the record: the delivery came to an end. `detail` holds no URL. */
  readonly ended: (approval: Approval, delivered: boolean, detail: string) => void;
  /** Milliseconds before each further try. Standard Webhooks recommends to back off. */
  readonly retryAfterMs: readonly number[];
}

export interface Webhook {
  /** Tells of a request, in the background. What is sent is masked. */
  tell(approval: Approval): void;
  /** Gives up what is still to be delivered. Resolves when nothing is under way. */
  close(): Promise<void>;
}

const TIMEOUT = 10_000;

/** A signed outgoing webhook, after the Standard Webhooks specification. */
export function createWebhook(options: WebhookOptions): Webhook {
  const { url, format, link, ended, clock, retryAfterMs } = options;
  const key = Buffer.from(options.secret.replace(/^whsec_/, ''), 'base64');
  const closing = new AbortController();
  const underway = new Set<Promise<void>>();

  /** Null where it was delivered, else what went wrong. */
  async function attempt(id: string, body: string): Promise<string | null> {
    const timestamp = Math.floor(clock() / 1000);
    try {
      const response = await options.fetch(url, {
        method: 'POST',
        body,
        // Where it leads is the operator's to say, not the receiver's.
        redirect: 'error',
        signal: AbortSignal.any([closing.signal, AbortSignal.timeout(TIMEOUT)]),
        headers: {
          'content-type': 'application/json',
          'webhook-id': id,
          'webhook-timestamp': String(timestamp),
          'webhook-signature': sign(key, id, timestamp, body),
        },
      });
      await response.body?.cancel();
      return response.ok ? null : `answered ${response.status}`;
    } catch (error) {
      // Not the message: it may quote the URL, which may be a secret of its own, as Slack's are.
      return error instanceof Error && error.name === 'TimeoutError' ? 'no answer in time' : 'not reached';
    }
  }

  async function deliver(approval: Approval): Promise<void> {
    // One id for all tries of one message: receivers tell a repetition by it.
    const id = `msg_${randomUUID()}`;
    const page = link(approval);
    const body = JSON.stringify(
      format === 'slack' ? slackMessage(approval, page) : webhookEvent(approval, page, clock()),
    );
    let problem = await attempt(id, body);
    for (const pause of retryAfterMs) {
      if (problem === null || closing.signal.aborted) break;
      const waited = await sleep(pause, true, { signal: closing.signal, ref: false }).catch(() => false);
      if (!waited) break;
      problem = await attempt(id, body);
    }
    ended(approval, problem === null, problem ?? 'delivered');
  }

  return {
    tell(approval) {
      const delivery = deliver(approval).finally(() => underway.delete(delivery));
      underway.add(delivery);
    },
    async close() {
      closing.abort();
      await Promise.allSettled(underway);
    },
  };
}

/** `v1,` and the base64 HMAC-SHA-256 of `<id>.<timestamp>.<body>`. */
export function sign(key: Uint8Array, id: string, timestamp: number, body: string): string {
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}
