import { names } from './names.ts';
import { operation, type Expr } from '../statement.ts';
import { tree } from '../read-tree.ts';
import { typeIsKnown } from './functions.ts';
import { unsupported } from '../refused.ts';

/** A cast. A type that is not the server's own may run anything. */
export function castTo(typeName: unknown, arg: Expr): Expr {
  const type = tree(typeName, 'A type');
  const path = names(type['names']);
  if (type['pct_type'] === true || type['setof'] === true) throw unsupported('A type of this form');
  const isBoolean = path.at(-1) === 'bool' && arg.kind === 'constant' && arg.type === 'string';
  if (isBoolean)
    return { kind: 'constant', type: 'boolean', value: String(/^(t|true|y|yes|on|1)$/i.test(arg.value)) };
  if (typeIsKnown(path)) return operation('cast', [arg]);
  return {
    kind: 'call',
    name: `cast(${path.join('.')})`,
    calm: false,
    discloses: true,
    args: [arg],
    aside: [],
  };
}
