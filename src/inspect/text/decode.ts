/** Ways in which text is written so that a person does not read it and a model does. */
type Encoding = 'base64' | 'hex' | 'url' | 'escape' | 'tags';

export interface Decoded {
  readonly encoding: Encoding;
  readonly text: string;
}

/** Readable text that stands encoded in another, decoded once. Together no longer than what it was decoded from. */
export function decodedIn(text: string): readonly Decoded[] {
  return [
    ...runs(text, /(?:[A-Za-z0-9+/_-]{4}[\r\n]{0,2}){4,}[A-Za-z0-9+/_-]{0,4}={0,2}/g, 'base64', fromBase64),
    ...runs(text, /(?:(?:\\x|0x)?[0-9a-fA-F]{2}[ :,]{0,2}){8,}/g, 'hex', fromHex),
    ...whole(text, /%[0-9a-fA-F]{2}/g, 'url', (found) => Buffer.from(found.slice(1), 'hex')),
    ...whole(text, /\\u\{?[0-9a-fA-F]{4,5}\}?|&#x[0-9a-fA-F]{1,6};|&#[0-9]{1,7};/g, 'escape', fromEscape),
    ...tags(text),
  ];
}

function runs(
  text: string,
  pattern: RegExp,
  encoding: Encoding,
  decode: (run: string) => Buffer,
): readonly Decoded[] {
  const found: Decoded[] = [];
  for (const [run] of text.matchAll(pattern)) {
    const decoded = decode(run).toString('utf8');
    if (isReadable(decoded)) found.push({ encoding, text: decoded });
  }
  return found;
}

/** Decodes in place, so that what is half encoded reads on. */
function whole(
  text: string,
  pattern: RegExp,
  encoding: Encoding,
  decode: (found: string) => Buffer,
): readonly Decoded[] {
  const together = new RegExp(`(?:${pattern.source})+`, 'g');
  let count = 0;
  const decoded = text.replaceAll(together, (run) => {
    const parts = run.match(pattern) ?? [];
    count += parts.length;
    return Buffer.concat(parts.map(decode)).toString('utf8');
  });
  return count >= FEWEST ? [{ encoding, text: decoded }] : [];
}

/** A space or two in a URL hide nothing. */
const FEWEST = 3;

function fromBase64(run: string): Buffer {
  return Buffer.from(run.replaceAll(/[\r\n]/g, ''), 'base64');
}

function fromHex(run: string): Buffer {
  return Buffer.from(run.replaceAll(/\\x|0x|[ :,]/g, ''), 'hex');
}

function fromEscape(found: string): Buffer {
  const digits = found.replaceAll(/[^0-9a-fA-F]/g, '');
  const point =
    found.startsWith('&') && !found.startsWith('&#x') ? Number(digits) : Number.parseInt(digits, 16);
  return Buffer.from(point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd');
}

/** The tags of Unicode are a second ASCII that no font shows. */
function tags(text: string): readonly Decoded[] {
  const decoded = text.replaceAll(/[\u{e0020}-\u{e007e}]/gu, (tag) =>
    String.fromCodePoint((tag.codePointAt(0) ?? 0) - 0xe0000),
  );
  return decoded === text ? [] : [{ encoding: 'tags', text: decoded }];
}

/** Text that a person wrote: valid UTF-8, of letters and spaces for the most part. Ids, hashes and images are not. */
function isReadable(decoded: string): boolean {
  if (decoded.length < 8 || decoded.includes('\ufffd')) return false;
  const letters = decoded.match(/[\p{L} ]/gu)?.length ?? 0;
  return letters >= decoded.length * 0.7 && !/(?![\t\n\r])\p{Cc}/u.test(decoded);
}
