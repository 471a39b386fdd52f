import { Composer, type CST, type ErrorCode, type LineCounter, type Node, Parser } from 'yaml';

/** A problem of the text, at a character offset into it. Messages quote nothing: the text may hold secrets. */
export interface YamlProblem {
  readonly offset: number;
  readonly message: string;
}

type Composed =
  | { readonly ok: true; readonly root: Node | null }
  | { readonly ok: false; readonly problems: readonly YamlProblem[] };

/**
 * The composer recurses, and V8 ends the process (no exception) when it compiles a regular expression on an
 * exhausted stack: 100,000 opening brackets did it. The parser before it does not recurse, so depth is measured there.
 */
const MAX_DEPTH = 64;
const MAX_PROBLEMS = 20;

const MESSAGES = {
  ALIAS_PROPS: 'an alias cannot have an anchor or a tag',
  BAD_ALIAS: 'this alias is not valid',
  BAD_DIRECTIVE: 'this directive is not known; expected plain YAML without directives',
  BAD_DQ_ESCAPE: 'this escape sequence is not known in a double-quoted string; double the backslash',
  BAD_INDENT: 'the indentation does not fit the lines around it',
  BAD_PROP_ORDER: 'anchors and tags must come after the indicator that they belong to',
  BAD_SCALAR_START: 'a plain string cannot begin with this character; put it in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a key must be a single line',
  BLOCK_IN_FLOW: 'an indented block cannot stand inside [ ] or { }',
  DUPLICATE_KEY: 'the key is written twice',
  IMPOSSIBLE: 'this is not YAML',
  KEY_OVER_1024_CHARS: 'a key must have at most 1024 characters; is a quote or a colon missing?',
  MISSING_CHAR: 'a character is missing here: a quote, a bracket, a comma or a space after a colon',
  MULTILINE_IMPLICIT_KEY: 'a key must be a single line; is a colon or a quote missing above?',
  MULTIPLE_ANCHORS: 'a value can have at most one anchor',
  MULTIPLE_DOCS: 'there is a second document here; expected one document in a file',
  MULTIPLE_TAGS: 'a value can have at most one tag',
  NON_STRING_KEY: 'a key must be a string',
  RESOURCE_EXHAUSTION: 'this is nested too deeply',
  TAB_AS_INDENT: 'a tab is not allowed as indentation; use spaces',
  TAG_RESOLVE_FAILED: 'this tag is not known; expected plain YAML without tags',
  UNEXPECTED_TOKEN: 'this was not expected here; is a quote, a comma or the indentation wrong?',
  BAD_COLLECTION_TYPE: 'the tag does not fit this kind of value',
} as const satisfies Partial<Record<ErrorCode, string>> & Record<string, string>;

const OTHER: Readonly<Record<string, string>> = MESSAGES;

/** Text to syntax tree, with every doubt an error. `lines` learns where the lines begin. */
export function composeYaml(text: string, lines: LineCounter): Composed {
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  for (const token of tokens) {
    const deep = tooDeep(token);
    if (deep !== undefined) {
      return {
        ok: false,
        problems: [{ offset: deep, message: `this is nested more than ${MAX_DEPTH} deep` }],
      };
    }
  }
  // Keys are compared in our own walk: the composer's check is quadratic (20,000 keys took it 8 s).
  const composer = new Composer({ version: '1.2', stringKeys: true, uniqueKeys: false, prettyErrors: false });
  const documents = [...composer.compose(tokens, true, text.length)];
  const problems = documents
    .flatMap((document) => [...document.errors, ...document.warnings])
    .map((problem) => ({ offset: problem.pos[0], message: `not valid YAML: ${OTHER[problem.code]}` }));
  const second = documents[1];
  if (second !== undefined) problems.push({ offset: second.range[0], message: MESSAGES.MULTIPLE_DOCS });
  if (problems.length > 0) return { ok: false, problems: problems.slice(0, MAX_PROBLEMS) };
  return { ok: true, root: documents[0]?.contents ?? null };
}

/** The offset of the first token below `MAX_DEPTH`, if any. */
function tooDeep(root: CST.Token): number | undefined {
  const open: { readonly token: CST.Token; readonly depth: number }[] = [{ token: root, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    if (depth > MAX_DEPTH) return token.offset;
    for (const below of tokensBelow(token)) open.push({ token: below, depth: depth + 1 });
  }
  return undefined;
}

function tokensBelow(token: CST.Token): readonly CST.Token[] {
  if (token.type === 'document') return token.value === undefined ? [] : [token.value];
  if (!('items' in token)) return [];
  return token.items.flatMap((item) => [item.key, item.value].filter((each) => each != null));
}
