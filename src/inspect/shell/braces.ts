import type { WordPart } from 'unbash';

/** More than this many words out of one are not told apart. */
const MOST = 64;

/**
 * The words, as parts, that braces make of one word; null where they can't be told or are too many. A word without braces
 * is one word.
 */
export function expandBraces(parts: readonly WordPart[]): readonly (readonly WordPart[])[] | null {
  let words: readonly (readonly WordPart[])[] = [[]];
  for (const part of parts) {
    const texts = part.type === 'BraceExpansion' ? choices(part.text) : undefined;
    if (texts === null) return null;
    const options: readonly WordPart[] =
      texts === undefined ? [part] : texts.map((text) => literalPart(text, part));
    words = words.flatMap((word) => options.map((option) => [...word, option]));
    if (words.length > MOST) return null;
  }
  return words;
}

function literalPart(value: string, { pos, end }: WordPart): WordPart {
  return { type: 'Literal', pos, end, value, text: value };
}

function choices(text: string): readonly string[] | null {
  // Quotes, expansions and patterns within braces: rare, and not told apart here.
  if (/[\\'"$`*?[\]()~]/.test(text) || !text.startsWith('{') || !text.endsWith('}')) return null;
  const inner = text.slice(1, -1);
  const range = /^(-?\w+)\.\.(-?\w+)(?:\.\.(-?\d+))?$/.exec(inner);
  if (range !== null) return rangeOf(range[1] ?? '', range[2] ?? '', range[3]);
  const members = membersOf(inner);
  if (members === null) return null;
  const expanded: string[] = [];
  for (const member of members) {
    const words = nested(member);
    if (words === null || expanded.length + words.length > MOST) return null;
    expanded.push(...words);
  }
  return expanded;
}

/** Cut at the commas that stand in no inner braces; null where there is none. */
function membersOf(inner: string): readonly string[] | null {
  const members: string[] = [''];
  let depth = 0;
  for (const character of inner) {
    if (character === '{') depth += 1;
    if (character === '}') depth -= 1;
    if (depth < 0) return null;
    if (character === ',' && depth === 0) members.push('');
    else members[members.length - 1] += character;
  }
  return depth === 0 && members.length > 1 ? members : null;
}

function nested(member: string): readonly string[] | null {
  const open = member.indexOf('{');
  if (open === -1) return member.includes('}') ? null : [member];
  let depth = 0;
  for (let at = open; at < member.length; at += 1) {
    if (member[at] === '{') depth += 1;
    if (member[at] === '}') depth -= 1;
    if (depth > 0) continue;
    const inner = choices(member.slice(open, at + 1));
    const rest = nested(member.slice(at + 1));
    if (inner === null || rest === null || inner.length * rest.length > MOST) return null;
    return inner.flatMap((word) => rest.map((end) => member.slice(0, open) + word + end));
  }
  return null;
}

function rangeOf(from: string, to: string, step: string | undefined): readonly string[] | null {
  const by = Math.abs(Number(step ?? 1)) || 1;
  const numbers = /^-?\d+$/.test(from) && /^-?\d+$/.test(to);
  if (!numbers && !(/^[A-Za-z]$/.test(from) && /^[A-Za-z]$/.test(to))) return null;
  // Leading zeros ask for a width.
  if (numbers && /^-?0\d|^-?\d*\.\.-?0\d/.test(`${from}..${to}`)) return null;
  const first = numbers ? Number(from) : from.charCodeAt(0);
  const last = numbers ? Number(to) : to.charCodeAt(0);
  if (Math.abs(last - first) / by >= MOST) return null;
  const words: string[] = [];
  const sign = last >= first ? by : -by;
  for (let at = first; sign > 0 ? at <= last : at >= last; at += sign)
    words.push(numbers ? String(at) : String.fromCharCode(at));
  // Between Z and a stand characters that mean something else in a word.
  return words.every((word) => /^-?\w+$/.test(word)) ? words : null;
}
