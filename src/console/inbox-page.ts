import { html, type Html } from './html.ts';
import { layout, remaining, time, token, type Surroundings, type Viewer } from './layout.ts';
import { summaryOf } from './what.ts';
import type { Approval, ApprovalRequest } from '../model/approval.ts';

export interface Inbox {
  /** Whether policy could ever let this person approve something. */
  readonly reviewer: boolean;
  /** What they may rule on, the oldest first. */
  readonly pending: readonly Approval[];
  /** What they could rule on once its requester has said why. */
  readonly unjustified: readonly Approval[];
  /** What they asked for themselves and nobody decided yet. */
  readonly own: readonly Approval[];
  readonly grants: readonly Approval[];
  readonly decided: readonly Approval[];
  /** The person asked for a page that looks again by itself. */
  readonly watching: boolean;
}

const WATCH_SECONDS = 15;

export function inboxPage(around: Surroundings, viewer: Viewer, inbox: Inbox): Html {
  const { root, now } = around;
  const { pending, unjustified, own, grants, decided, watching } = inbox;
  const count = pending.length === 0 ? 'Approvals' : `(${pending.length}) Approvals`;
  const path = `${root}/console/approvals`;
  const main = html`<h1>What waits for you</h1>
    ${
      pending.length > 0
        ? html`<ul class="list">
            ${pending.map((one) => waiting(path, one, now))}
          </ul>`
        : html`<p class="card">
            ${
              inbox.reviewer
                ? 'Nothing waits for you. Requests show here as soon as an agent makes one that you may approve.'
                : 'Policy lets you approve nothing, so nothing is shown here. If that is wrong, ask whoever writes the policies.'
            }
          </p>`
    }
    <p>
      <a href="${path}">Look again</a> ·
      ${
        watching
          ? html`looking again every ${WATCH_SECONDS} seconds, <a href="${path}">stop</a>`
          : html`<a href="${path}?watch=1">keep looking by itself</a>`
      }
    </p>
    ${section('Waiting for its requester to say why', unjustified, (one) => waiting(path, one, now))}
    ${section('What you asked for', own, (one) => waiting(path, one, now))}
    ${section('Live grants', grants, (one) => live(root, one, viewer, now))}
    ${section('Recently decided', decided, (one) => past(path, one))}`;
  return layout(around, count, main, watching ? WATCH_SECONDS : null);
}

function section(title: string, items: readonly Approval[], item: (one: Approval) => Html): Html | null {
  return items.length === 0
    ? null
    : html`<h2>${title}</h2>
        <ul class="list">
          ${items.map(item)}
        </ul>`;
}

function waiting(path: string, { request }: Approval, now: number): Html {
  const summary = summaryOf(request);
  return html`<li class="card">
    <h3>
      <a href="${path}/${request.id}">${request.tool} on ${request.connection}</a> ${environment(request)}
    </h3>
    <p>
      <bdi>${request.requester.id}</bdi> asks, through
      <bdi>${request.client}</bdi>${summary === '' ? '' : `: ${summary}`}
    </p>
    <p>${request.reason}</p>
    <p class="dim">
      Asked ${time(request.createdAt)}, runs out in
      ${remaining(request.expiresAt - now)}${wantsHigh(request) ? '. Asks for high assurance' : ''}
    </p>
  </li>`;
}

function live(root: string, { request, grantedUntil, uses }: Approval, { csrf }: Viewer, now: number): Html {
  const path = `${root}/console/approvals/${request.id}`;
  return html`<li class="card">
    <h3><a href="${path}">${request.tool} on ${request.connection}</a> ${environment(request)}</h3>
    <p>
      Granted to <bdi>${request.requester.id}</bdi> ${
        grantedUntil === null
          ? 'for this one act, not used yet'
          : html`for statements of this shape, another ${remaining(grantedUntil - now)}, until
            ${time(grantedUntil)}`
      }.
      ${used(uses.length)}
    </p>
    <form method="post" action="${path}/revoke">
      ${token(csrf)}
      <div class="buttons">
        <button class="stop" aria-label="Revoke ${request.tool} for ${request.requester.id}">Revoke</button>
      </div>
    </form>
  </li>`;
}

function past(path: string, approval: Approval): Html {
  const { request, verdicts } = approval;
  const at = verdicts.at(-1)?.at ?? null;
  return html`<li class="card">
    <h3>
      <a href="${path}/${request.id}">${request.tool} on ${request.connection}</a> ${environment(request)}
    </h3>
    <p><span class="tag">${approval.status}</span> asked by <bdi>${request.requester.id}</bdi></p>
    <p class="dim">
      ${at === null ? html`Asked ${time(request.createdAt)}` : html`Last decision ${time(at)}`}.
      ${used(approval.uses.length)}
    </p>
  </li>`;
}

function used(times: number): string {
  if (times === 0) return 'Not used.';
  return times === 1 ? 'Used once.' : `Used ${times} times.`;
}

export function wantsHigh({ demands }: ApprovalRequest): boolean {
  return demands.some(({ assurance }) => assurance === 'high');
}

export function environment({ environment: name }: ApprovalRequest): Html {
  return html`<span class="tag ${name === 'production' ? 'production' : ''}">${name}</span>`;
}
