import { createHash } from 'node:crypto';

/**
 * One sheet, inside each page: nothing else is loaded. What an agent wrote is shown whole, with no box of its own that
 * scrolls: whoever gets to the buttons has passed all of it.
 * Colours meet WCAG 2.2 AA (4.5:1 for text, 3:1 for borders).
 */
export const STYLE = `
:root{color-scheme:light dark;--bg:#f6f7f9;--card:#fff;--fg:#1a1f26;--dim:#55606e;--line:#c9d0d9;--edge:#76818f;
--link:#0b57b8;--go:#17633a;--stop:#a3221b;--warn:#7a4b00;--warnbg:#fff4dc;--code:#f0f2f5;--on:#fff}
@media (prefers-color-scheme:dark){:root{--bg:#12161b;--card:#1b2128;--fg:#e8ebef;--dim:#a3aebb;--line:#353e49;
--edge:#7d8896;--link:#8ab8ff;--go:#7fd6a2;--stop:#ff9d94;--warn:#f5c86b;--warnbg:#33290f;--code:#12171d;--on:#10151a}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--fg);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;
overflow-wrap:anywhere}
a{color:var(--link)}
.skip{position:absolute;left:-999rem}
.skip:focus{left:1rem;top:.5rem;background:var(--card);padding:.5rem;z-index:1}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
header{background:var(--card);border-bottom:1px solid var(--line)}
header>div,main{max-width:52rem;margin:0 auto;padding:.75rem 1rem}
header>div{display:flex;flex-wrap:wrap;gap:.25rem 1rem;align-items:center;justify-content:space-between}
header form{display:flex;flex-wrap:wrap;gap:.5rem .75rem;align-items:center;margin:0}
.brand{font-weight:650;text-decoration:none;color:inherit}
main{padding-bottom:4rem}
h1{font-size:1.5rem;line-height:1.25;margin:1.25rem 0 .5rem}
h2{font-size:1.125rem;margin:2rem 0 .5rem}
.dim{color:var(--dim);font-size:.9375rem}
.card,.note{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:1rem;margin:.75rem 0}
.note{border-left:.3rem solid var(--edge)}
.note.go{border-left-color:var(--go)}
.note.stop{border-left-color:var(--stop)}
.note.warn{border-left-color:var(--warn);background:var(--warnbg)}
.note>:first-child,.card>:first-child{margin-top:0}
.note>:last-child,.card>:last-child{margin-bottom:0}
ul.list{list-style:none;padding:0;margin:0}
.card h3{font-size:1rem;margin:0 0 .25rem}
.card p{margin:.25rem 0}
dl{display:grid;grid-template-columns:minmax(7rem,max-content) 1fr;gap:.375rem 1rem;margin:.75rem 0}
dt{color:var(--dim)}
dd{margin:0;min-width:0}
pre{background:var(--code);border:1px solid var(--line);border-radius:.375rem;padding:.75rem;margin:.25rem 0 .75rem;
white-space:break-spaces;overflow-wrap:anywhere;direction:ltr;unicode-bidi:bidi-override;
font:.875rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
.tag{display:inline-block;border:1px solid var(--edge);border-radius:1rem;padding:0 .6rem;font-size:.875rem}
.tag.production{border-color:var(--stop);color:var(--stop);font-weight:600}
label{display:block;font-weight:600;margin:.75rem 0 .25rem}
textarea,select,input{width:100%;font:inherit;color:inherit;background:var(--bg);border:1px solid var(--edge);
border-radius:.375rem;padding:.5rem}
textarea{min-height:5rem;resize:vertical}
.buttons{display:flex;flex-wrap:wrap;gap:.75rem;margin-top:1rem}
button,.button{font:inherit;font-weight:600;min-height:2.75rem;padding:.5rem 1.25rem;border-radius:.375rem;
border:1px solid var(--edge);background:var(--card);color:var(--fg);cursor:pointer;text-decoration:none;
display:inline-flex;align-items:center}
button.go,.button.go{background:var(--go);border-color:var(--go);color:var(--on)}
button.stop{border-color:var(--stop);color:var(--stop)}
button:hover,.button:hover{filter:brightness(1.08)}
details summary{cursor:pointer;padding:.5rem 0;color:var(--link)}
@media (max-width:30rem){dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.5rem}
.buttons>*{flex:1 1 100%;justify-content:center}header button{padding:.25rem .75rem}}
`;

/**
 * Nothing is loaded, run or framed; forms go only here. The way to the identity provider is a link, which this does not
 * bind: a provider may send the browser on to others.
 */
export const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');
