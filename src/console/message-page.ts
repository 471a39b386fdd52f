import { html, type Html } from './html.ts';
import { layout, type Surroundings } from './layout.ts';

/** What went wrong, and the way on. */
export function messagePage(
  around: Surroundings,
  title: string,
  text: string,
  back: string | null = null,
): Html {
  const { root } = around;
  return layout(
    around,
    title,
    html`<h1>${title}</h1>
      <p class="note stop" role="alert">${text}</p>
      ${back === null ? null : html`<p><a href="${root}${back}">Back to the request</a></p>`}
      <p><a href="${root}/console/approvals">To what waits for you</a></p>`,
  );
}
