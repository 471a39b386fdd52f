import type { Field } from './field.ts';

const MOST_OPEN = 6;
/** Stands for `**` until all is known; no command has this character. */
const DEEP = '\u{0001}';

/**
 * What a word with patterns and holes may become. Cautious: a bracket stands for any character, an extended pattern for any
 * text. A pattern at the start of a name does not match a leading dot.
 */
export function patternOf(field: Field): RegExp {
  // Each open part multiplies the ways to match. What has more of them than a person writes matches everything.
  if (field.filter(({ kind }) => kind !== 'text').length > MOST_OPEN) return /^/s;
  let source = '';
  for (const segment of field) {
    const starts = source === '' || source.endsWith('\\/');
    switch (segment.kind) {
      case 'text':
        // Of what is escaped, `-` must not be: outside of a bracket, `u` takes `\-` for a mistake.
        source += segment.text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
        break;
      case 'hole':
        source += segment.holds === 'any' ? '.{0,200}' : '[^\\/]{0,200}';
        break;
      case 'glob':
        source += `${starts && segment.text !== '**' ? '(?!\\.)' : ''}${globSource(segment.text)}`;
    }
  }
  // `**` with a slash behind it is also nothing.
  source = source.replaceAll(`${DEEP}\\/`, '(?:.*\\/)?').replaceAll(DEEP, '.*');
  return new RegExp(`^${source}$`, 'su');
}

function globSource(text: string): string {
  switch (text) {
    case '*':
      return '[^\\/]*';
    case '?':
      return '[^\\/]';
    case '**':
      return DEEP;
    default:
      return text.startsWith('[') ? '[^\\/]' : '[^\\/]*';
  }
}
