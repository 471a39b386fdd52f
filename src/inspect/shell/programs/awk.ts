/** Where a value has just ended, a slash divides; elsewhere it begins a pattern. */
const VALUE_END = /^(?:[\w$)\]]|"")$/;

/**
 * Whether an awk program runs others, writes files or reads more: `system`, pipes, `getline`, output redirection. Read by its
 * tokens, so that none of these hides in a string. What is not sure runs.
 */
export function awkDoes(program: string): 'runs' | 'reads environment' | 'nothing' {
  let last = '';
  let parentheses = 0;
  let prints = false;
  let environment = false;
  for (let rest = program; rest !== '';) {
    const space = /^(?:[ \t\r]|\\\n)+|^#[^\n]*/.exec(rest)?.[0];
    if (space !== undefined) {
      rest = rest.slice(space.length);
      continue;
    }
    // Behind `)` a slash may divide or begin a pattern; which one is the grammar's to say, so nothing may depend on it.
    if (rest.startsWith('/') && /[)$h]/.test(last) && /["|>@]|system|getline/.test(rest)) return 'runs';
    const token = tokenOf(rest, last);
    if (token === null) return 'runs';
    rest = rest.slice(token.length);
    if (
      /^(?:system|getline|close|fflush|popen|include|load)$/.test(token) ||
      (/^[@|]/.test(token) && token !== '||')
    )
      return 'runs';
    if (token === 'ENVIRON' || token === 'PROCINFO' || token === 'SYMTAB') environment = true;
    if (token === 'print' || token === 'printf') {
      prints = true;
      parentheses = 0;
    }
    if (token === '(') parentheses += 1;
    if (token === ')') parentheses -= 1;
    if (/^[;\n{}]$/.test(token)) prints = false;
    // Outside parentheses, what stands behind `print … >` is a file.
    if ((token === '>' || token === '>>') && prints && parentheses <= 0) return 'runs';
    last = token.startsWith('"')
      ? '""'
      : token.endsWith('++') || token.endsWith('--')
        ? '""'
        : (token.at(-1) ?? '');
    if (/^(?:return|print|printf|in|else|do|case)$/.test(token)) last = '';
  }
  return environment ? 'reads environment' : 'nothing';
}

function tokenOf(rest: string, last: string): string | null {
  const first = rest[0] ?? '';
  if (first === '"') return /^"(?:[^"\\\n]|\\[^])*"/.exec(rest)?.[0] ?? null;
  if (first === '/' && !VALUE_END.test(last))
    return /^\/(?:[^/\\\n[]|\\[^\n]|\[\^?\]?(?:[^\]\\\n]|\\[^\n])*\])*\//.exec(rest)?.[0] ?? null;
  return (
    /^(?:[A-Za-z_]\w*|\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+|\|\||&&|>>|[<>=!+\-*/%^]=|\+\+|--|[\n!$%&()*+,\-/:;<=>?@[\]^{|}~])/.exec(
      rest,
    )?.[0] ?? null
  );
}
