import { html, type Html } from './html.ts';
import { layout, type Surroundings } from './layout.ts';

export interface SignInOffer {
  readonly oidc: boolean;
  readonly development: boolean;
  readonly returnTo: string;
  /** Why it did not work before. */
  readonly problem: string | null;
}

export function signInPage(around: Surroundings, offer: SignInOffer): Html {
  const { root } = around;
  const query = new URLSearchParams({ return: offer.returnTo }).toString();
  return layout(
    around,
    'Sign in',
    html`<h1>Sign in to review</h1>
      ${offer.problem === null ? null : html`<p class="note stop" role="alert">${offer.problem}</p>`}
      <p>
        Agents have asked for what policy holds back until a person approves it. Sign in to see what waits for
        you.
      </p>
      ${
        offer.oidc
          ? html`<p>
              <a class="button go" href="${root}/console/sign-in?${query}">Sign in with your organisation</a>
            </p>`
          : null
      }
      ${offer.development ? developmentForm(root, offer.returnTo) : null}
      ${
        offer.oidc || offer.development
          ? null
          : html`<p class="note warn">
              Signing in is not configured. The operator sets <code>console.issuer</code> and
              <code>console.client_id</code> in <code>sallyport.yaml</code>; until then requests are decided
              with <code>sallyport approvals</code> or the tool <code>review_approvals</code>.
            </p>`
      }`,
  );
}

function developmentForm(root: string, returnTo: string): Html {
  return html`<form class="card" method="post" action="${root}/console/sign-in/development">
    <h2>Development sign-in</h2>
    <p>
      This server accepts development tokens (<code>identity.dev</code>): whoever can read its key file can be
      anybody. Make a token with <code>sallyport token</code>. Decisions made this way have low assurance.
    </p>
    <label for="token">Development token</label>
    <input id="token" name="token" type="password" required autocomplete="off" spellcheck="false" />
    <input type="hidden" name="return" value="${returnTo}" />
    <div class="buttons"><button>Sign in with a development token</button></div>
  </form>`;
}
