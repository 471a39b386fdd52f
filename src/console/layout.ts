import { Html, html } from './html.ts';
import { STYLE } from './style.ts';
import type { Principal } from '../model/principal.ts';

/** Who looks at a page, and what its forms must carry. */
export interface Viewer {
  readonly principal: Principal;
  readonly csrf: string;
  readonly proof: 'oidc' | 'dev_token';
}

/** What every page knows of its surroundings. `root` is the path of the public URL, without a slash at the end. */
export interface Surroundings {
  readonly root: string;
  readonly viewer: Viewer | null;
  readonly now: number;
}

const SHEET = new Html(`<style>${STYLE}</style>`);

/** A whole page. `refreshSeconds` only where the person asked for it: a page that moves by itself is in the way. */
export function layout(
  around: Surroundings,
  title: string,
  main: Html,
  refreshSeconds: number | null = null,
): Html {
  const { root, viewer } = around;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        ${refreshSeconds === null ? null : html`<meta http-equiv="refresh" content="${refreshSeconds}" />`}
        <title>${title} · Sallyport</title>
        ${SHEET}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <header>
          <div>
            <a class="brand" href="${root}/console/approvals">Sallyport · Approvals</a>
            ${viewer === null ? null : signedInAs(root, viewer)}
          </div>
        </header>
        <main id="main">${viewer?.proof === 'dev_token' ? DEVELOPMENT : null} ${main}</main>
      </body>
    </html> `;
}

const DEVELOPMENT = html`<p class="note warn">
  <strong>Development sign-in.</strong> A token was pasted, which proves little: what is decided here is put
  on record with low assurance.
</p>`;

function signedInAs(root: string, { principal, csrf }: Viewer): Html {
  return html`<form method="post" action="${root}/console/sign-out">
    <span class="dim">Signed in as <bdi>${principal.id}</bdi></span>
    ${token(csrf)}
    <button>Sign out</button>
  </form>`;
}

export function token(csrf: string): Html {
  return html`<input type="hidden" name="csrf" value="${csrf}" />`;
}

/** A point in time, for people and machines. Always UTC: reviewers sit in several places. */
export function time(ms: number): Html {
  const iso = new Date(ms).toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC</time>`;
}

/** How long until then: `12 minutes`. */
export function remaining(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / 60_000));
  if (minutes < 120) return minutes === 1 ? '1 minute' : `${minutes} minutes`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`;
}
