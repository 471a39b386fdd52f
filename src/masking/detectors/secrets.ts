import { codeAt } from './characters.ts';
import type { Candidate, Detector } from './detector.ts';

const DASH = 45;
const AT = 64;

const BEGIN = /-----BEGIN (?:[A-Z0-9]{1,16} ){0,3}PRIVATE KEY(?: BLOCK)?-----/y;
const END = /-----END (?:[A-Z0-9]{1,16} ){0,3}PRIVATE KEY(?: BLOCK)?-----/y;
/** RFC 7468 and its ancestors: base64 in lines, headers such as `DEK-Info: AES-128-CBC,…`, line breaks also as `\n`. */
const BODY = marked(/[A-Za-z0-9+/=\s\\:,.()]/);
const BACK = marked(/[A-Za-z0-9+/=\s\\]/);

/** A mark at each character of ASCII that a pattern matches. A pattern for each character of a key is what is slow. */
function marked(pattern: RegExp): Uint8Array {
  return Uint8Array.from({ length: 128 }, (_, code) => (pattern.test(String.fromCharCode(code)) ? 1 : 0));
}

/** Whether a character belongs to the body of a key; of dashes, all but five. */
function isBody(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return BODY[code] === 1 || (code === DASH && !text.startsWith('----', index + 1)) || isWideSpace(code);
}

/** What `\s` matches beyond ASCII and folding left. */
function isWideSpace(code: number): boolean {
  return code > 127 && /\s/.test(String.fromCharCode(code));
}

/**
 * Private keys in PEM. A key that was cut off runs to the end of what could be key, on either side. Reading stops at the
 * next five dashes, so that all readings together pass each character once each way.
 */
export const privateKey: Detector = {
  trigger: 'dashes',
  detect(text, at): Candidate | null {
    if (codeAt(text, at) !== DASH || codeAt(text, at - 1) === DASH || codeAt(text, at + 1) !== DASH)
      return null;
    BEGIN.lastIndex = at;
    const begin = BEGIN.exec(text)?.[0];
    if (begin !== undefined) {
      let end = at + begin.length;
      while (isBody(text, end)) end++;
      END.lastIndex = end;
      const closing = END.exec(text)?.[0];
      if (closing !== undefined) end += closing.length;
      else end = at + begin.length + keyEnd(text.slice(at + begin.length, end));
      return { class: 'credential', start: at, end, score: 98 };
    }
    END.lastIndex = at;
    const end = END.exec(text)?.[0];
    if (end === undefined) return null;
    let start = at;
    while (start > 0 && isBack(text.charCodeAt(start - 1))) start--;
    return { class: 'credential', start, end: at + end.length, score: 98 };
  },
};

function isBack(code: number): boolean {
  return BACK[code] === 1 || isWideSpace(code);
}

/** What is left of a key that has no end: up to where words follow one another. */
function keyEnd(body: string): number {
  const prose = /\s(?=[A-Za-z]{1,15}[,.]?\s[A-Za-z]{1,15}(?:[,.\s]|$))/.exec(body);
  return prose?.index ?? body.length;
}

/** Longer than any, so that nothing is left of one. */
const LONGEST_USER = 256;
const NO_USER = marked(/[\s"'`<>@]/);
const SLASH = 47;
const COLON = 58;
const SCHEME = /[A-Za-z][A-Za-z0-9+.-]{1,30}:\/\/$/;
const REST = /[^\s"'`<>,;()[\]{}|\\@]{1,253}/y;

/** Connection strings and URLs with a password (RFC 3986, 3.2.1), anchored at the `@`. */
export const urlPassword: Detector = {
  trigger: 'at_sign',
  detect(text, at): Candidate | null {
    if (codeAt(text, at) !== AT) return null;
    const floor = Math.max(0, at - LONGEST_USER);
    let colon = -1;
    let index = at - 1;
    for (; index >= floor; index--) {
      const code = text.charCodeAt(index);
      if (NO_USER[code] === 1 || isWideSpace(code)) return null;
      if (code === SLASH && text.startsWith('://', index - 2)) break;
      if (code === COLON) colon = index;
    }
    if (index < floor || colon === -1 || colon === at - 1) return null;
    const scheme = SCHEME.exec(text.slice(Math.max(0, index - 34), index + 1))?.[0];
    if (scheme === undefined) return null;
    REST.lastIndex = at + 1;
    const rest = REST.exec(text)?.[0] ?? '';
    return { class: 'credential', start: index + 1 - scheme.length, end: at + 1 + rest.length, score: 95 };
  },
};
