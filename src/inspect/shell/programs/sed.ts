/** What a script of sed does beyond its lines. */
interface SedDoes {
  readonly reads: readonly string[];
  readonly writes: readonly string[];
}

const ADDRESS = /^(?:\d+(?:~\d+)?|\$|\/(?:\\.|\[[^\]/]*\]|[^/\\[])*\/[IM]*)/;

/**
 * Reads a script by its grammar; null where it runs a program (`e`, the flag `e` of `s`) or holds what is not understood. A
 * script is refused rather than read half.
 */
export function readSed(script: string): SedDoes | null {
  const reads: string[] = [];
  const writes: string[] = [];
  let rest = script;
  const skip = (pattern: RegExp): string => {
    const [found = ''] = pattern.exec(rest) ?? [];
    rest = rest.slice(found.length);
    return found;
  };

  for (let steps = 0; steps < 1000; steps += 1) {
    skip(/^[\s;}]*/);
    if (rest === '') return { reads, writes };
    if (rest.startsWith('#')) {
      skip(/^[^\n]*/);
      continue;
    }
    if (skip(ADDRESS) !== '' && skip(/^\s*,\s*/) !== '' && skip(/^[+~]\d+/) === '' && skip(ADDRESS) === '')
      return null;
    skip(/^[\s!]*/);
    const command = rest[0] ?? '';
    rest = rest.slice(1);
    if (/[{=dDgGhHnNpPxzF]/.test(command)) continue;
    if (/[qQlL]/.test(command)) skip(/^ *\d*/);
    else if (/[btT:]/.test(command)) skip(/^[ \t]*[\w.-]*/);
    else if (/[aic]/.test(command)) skip(/^(?:\\\n|[^\n\\]|\\[^])*/);
    else if (/[rR]/.test(command)) reads.push(skip(/^[^\n]*/).trim());
    else if (/[wW]/.test(command)) writes.push(skip(/^[^\n]*/).trim());
    else if (command === 'y' || command === 's') {
      const delimiter = rest[0] ?? '';
      if (delimiter === '' || /[\s\\\w]/.test(delimiter)) return null;
      rest = rest.slice(1);
      if (!skipPart(delimiter, true) || !skipPart(delimiter, false)) return null;
      if (command === 'y') continue;
      // `e` runs the result, `w` writes it.
      skip(/^[gpiImM\d]*/);
      if (rest.startsWith('w'))
        writes.push(
          skip(/^[^\n]*/)
            .slice(1)
            .trim(),
        );
      else if (rest !== '' && !/^[\s;}#]/.test(rest)) return null;
    } else return null;
  }
  return null;

  function skipPart(delimiter: string, isPattern: boolean): boolean {
    for (let at = 0; at < rest.length; at += 1) {
      const character = rest[at];
      if (character === '\\') at += 1;
      // In a bracket the delimiter may be a character or an end, by implementation: not read.
      else if (
        character === '[' &&
        isPattern &&
        rest
          .slice(at)
          .match(/^\[[^\]]*\]/)?.[0]
          .includes(delimiter) === true
      )
        return false;
      else if (character === delimiter) {
        rest = rest.slice(at + 1);
        return true;
      }
    }
    return false;
  }
}
