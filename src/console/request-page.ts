import { durationsFor } from '../govern/review-form.ts';
import { html, type Html } from './html.ts';
import { environment, wantsHigh } from './inbox-page.ts';
import { layout, remaining, time, token, type Surroundings, type Viewer } from './layout.ts';
import { argumentsOf, touchesOf } from './what.ts';
import { samePerson } from './visible.ts';
import { lacksJustification, type Approval, type Verdict } from '../model/approval.ts';

/** What this person may do with the request, as it was found just now. */
export interface Allowed {
  readonly rule: boolean;
  /** They asked for it, and policy wants them to say why. */
  readonly justify: boolean;
  readonly revoke: boolean;
}

/** Characters. The same bound as in the form that MCP clients show. */
export const MOST_COMMENT = 1000;

export function requestPage(
  around: Surroundings,
  viewer: Viewer,
  approval: Approval,
  allowed: Allowed,
): Html {
  const { request, justification, verdicts } = approval;
  const main = html`<p><a href="${around.root}/console/approvals">All requests</a></p>
    <h1>${request.tool} on ${request.connection} ${environment(request)}</h1>
    ${standing(approval, viewer, around.now)}
    <dl>
      <dt>Asked by</dt>
      <dd>
        <strong><bdi>${request.requester.id}</bdi></strong>
        <span class="dim">(${request.requester.kind}, ${request.requester.issuer})</span>
      </dd>
      <dt>Through</dt>
      <dd><bdi>${request.client}</bdi> <span class="dim">(what the client calls itself)</span></dd>
      <dt>Held because</dt>
      <dd>${request.reason}</dd>
      <dt>Why they need it</dt>
      <dd>${justification ?? html`<span class="dim">not said</span>`}</dd>
      <dt>Asked</dt>
      <dd>${time(request.createdAt)}</dd>
      <dt>Runs out</dt>
      <dd>${time(request.expiresAt)}</dd>
    </dl>
    <h2>What exactly</h2>
    <p class="dim">Approving allows exactly this, once, unless you choose a time below. Values are masked.</p>
    ${argumentsOf(request)}
    <h2>What it touches</h2>
    ${touchesOf(request)}
    <h2>Who must approve</h2>
    <ul>
      ${request.demands.map(
        ({ from, approvals, policy, assurance }) =>
          html`<li>
            ${from === 'requester' ? 'the requester' : html`${approvals === 1 ? 'one person' : `${approvals} people`} of <bdi>${from}</bdi>`}${assurance === 'high' ? ', signed in with the identity provider' : ''}
            <span class="dim">(policy ${policy.id})</span>
          </li>`,
      )}
    </ul>
    ${
      verdicts.length === 0
        ? html`<p class="dim">Nobody has decided yet.</p>`
        : html`<ul class="list">
            ${verdicts.map(verdict)}
          </ul>`
    }
    ${allowed.justify ? justify(around.root, viewer, approval) : null}
    ${allowed.rule ? decide(around.root, viewer, approval) : null}
    ${allowed.revoke ? revoke(around.root, viewer, approval) : null} ${usesOf(approval)}
    <p class="dim">Request ${request.id}, call ${request.call}</p>`;
  return layout(around, `${request.tool} on ${request.connection}`, main);
}

/** Where it stands, first of all what became of this person's own decision. */
function standing(approval: Approval, viewer: Viewer, now: number): Html {
  const { status, request, verdicts, grantedUntil } = approval;
  const mine = verdicts.find(({ by }) => samePerson(by, viewer.principal));
  const said = mine === undefined ? '' : `You ${mine.approve ? 'approved' : 'declined'} it. `;
  const note = (kind: string, text: string): Html =>
    html`<p class="note ${kind}" role="status"><strong>${said}</strong>${text}</p>`;
  switch (status) {
    case 'pending':
      return request.expiresAt <= now
        ? note('stop', 'It has run out, and nothing ran.')
        : lacksJustification(approval)
          ? note('', 'It waits for its requester to say why it is needed, and can’t be decided before.')
          : note('', `It waits for a decision, and runs out in ${remaining(request.expiresAt - now)}.`);
    case 'approved':
      if ((grantedUntil ?? request.expiresAt) <= now)
        return note('stop', 'It was approved and has run out. It allows nothing more.');
      return grantedUntil === null
        ? note('go', 'It is approved, for this one act. The agent may go on; it has not yet.')
        : note(
            'go',
            `It is approved: statements of this shape may run for another ${remaining(grantedUntil - now)}.`,
          );
    case 'declined':
      return note('stop', 'It is declined, and nothing ran.');
    case 'expired':
      return note('stop', 'It has run out, and nothing more runs under it.');
    case 'revoked':
      return note('stop', 'It was revoked, and nothing more runs under it.');
    case 'spent':
      return note('go', 'It was approved and used. It allows nothing more.');
  }
}

function verdict({ by, approve, channel, assurance, comment, grantMs, at }: Verdict): Html {
  return html`<li class="card">
    <p>
      <strong><bdi>${by.id}</bdi></strong> ${approve ? 'approved' : 'declined'}
      it${grantMs === null ? '' : `, for ${remaining(grantMs)}`}
      <span class="dim">${time(at)}, ${channel.replaceAll('_', ' ')}, assurance ${assurance}</span>
    </p>
    ${comment === '' ? null : html`<p>${comment}</p>`}
  </li>`;
}

function justify(root: string, { csrf }: Viewer, { request }: Approval): Html {
  return html`<h2 id="justify">Why you need it</h2>
    <form
      class="card"
      method="post"
      action="${root}/console/approvals/${request.id}/justify"
      aria-labelledby="justify"
    >
      ${token(csrf)}
      <label for="reason"
        >Reason <span class="dim">(reviewers read it; it can’t be changed later)</span></label
      >
      <textarea id="reason" name="comment" maxlength="${MOST_COMMENT}" required></textarea>
      <div class="buttons"><button class="go">Say so</button></div>
    </form>`;
}

function decide(root: string, { csrf, proof }: Viewer, approval: Approval): Html {
  const durations = durationsFor(approval);
  const little = proof === 'dev_token' && wantsHigh(approval.request);
  return html`<h2 id="decide">Your decision</h2>
    ${
      little
        ? html`<p class="note warn">
            Policy wants high assurance, and a pasted token has little: you can decline, but not approve.
          </p>`
        : null
    }
    <form
      class="card"
      method="post"
      action="${root}/console/approvals/${approval.request.id}/decide"
      aria-labelledby="decide"
    >
      ${token(csrf)}
      <label for="comment">Comment <span class="dim">(optional; the requester sees it)</span></label>
      <textarea id="comment" name="comment" maxlength="${MOST_COMMENT}"></textarea>
      ${
        durations.length === 0
          ? null
          : html`<label for="duration">For how long</label>
              <select id="duration" name="duration">
                <option value="once">This once, exactly as shown</option>
                ${durations.map((one) => html`<option value="${one}">Statements of this shape, with any values, for ${one}</option>`)}
              </select>`
      }
      <div class="buttons">
        ${little ? null : html`<button class="go" name="decision" value="approve">Approve</button>`}
        <button class="stop" name="decision" value="decline">Decline</button>
      </div>
    </form>`;
}

function revoke(root: string, { csrf }: Viewer, { request, status }: Approval): Html {
  const what = status === 'approved' ? 'Revoke the grant' : 'Withdraw the request';
  return html`<details>
    <summary>${what}</summary>
    <form class="card" method="post" action="${root}/console/approvals/${request.id}/revoke">
      ${token(csrf)}
      <label for="why">Comment <span class="dim">(optional)</span></label>
      <textarea id="why" name="comment" maxlength="${MOST_COMMENT}"></textarea>
      <div class="buttons"><button class="stop">${what}</button></div>
    </form>
  </details>`;
}

function usesOf({ uses }: Approval): Html | null {
  if (uses.length === 0) return null;
  const shown = uses.slice(-20);
  return html`<h2>Used</h2>
    <ul>
      ${shown.map(({ call, at }) => html`<li>${time(at)} <span class="dim">${call}</span></li>`)}
    </ul>
    ${uses.length > shown.length ? html`<p class="dim">and ${uses.length - shown.length} times before</p>` : null}`;
}
