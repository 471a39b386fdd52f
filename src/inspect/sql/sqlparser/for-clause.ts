import { node, only, saysNothing, tree } from '../read-tree.ts';
import type { Query } from '../statement.ts';
import type { Reader } from './reader.ts';
import { unsupported } from '../refused.ts';

const JSON_KEYS = new Set(['for_json', 'root', 'include_null_values', 'without_array_wrapper']);
const XML_KEYS = new Set(['for_xml', 'elements', 'binary_base64', 'root', 'type']);

/** `FOR JSON …`, `FOR XML …`: all rows and columns of the query in one text, so its one column is made of all of theirs. */
export function readForClause(reader: Reader, value: unknown, query: Query): Query {
  if (saysNothing(value)) return query;
  const [form, content] = node(value, 'FOR');
  if (reader.dialect !== 'sqlserver' || (form !== 'Json' && form !== 'Xml')) throw unsupported(`FOR ${form}`);
  const of = tree(content, 'FOR');
  only(of, form === 'Json' ? JSON_KEYS : XML_KEYS, 'FOR');
  const [mode] = node(of[form === 'Json' ? 'for_json' : 'for_xml'], 'FOR');
  if (!['Path', 'Auto', 'Raw'].includes(mode)) throw unsupported(`FOR ${form} ${mode}`);
  return {
    kind: 'query',
    with: null,
    body: {
      kind: 'select',
      items: [{ kind: 'value', expr: { kind: 'query', query }, name: null }],
      from: [],
      aside: [],
      into: null,
    },
    aside: [],
    locks: false,
  };
}
