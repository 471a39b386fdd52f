import { touch, type Program } from './call.ts';
import { joined, literal, textOf, type Field } from './field.ts';
import { pathOf } from './path.ts';
import { NOTHING, SOME } from './stream.ts';
import { union } from './shell-state.ts';

/** `cd` may fail, and then what follows runs where it was: both folders count from here on. */
export const changeDirectory: Program = (call) => {
  const { state, args, name } = call;
  const [target = name === 'cd' ? literal('~') : literal('-')] = args.filter(
    (arg) => !/^-[LPe@n]+$|^--$/.test(textOf(arg) ?? ''),
  );
  if (name === 'popd' || /^[-+]\d*$/.test(textOf(target) ?? '')) {
    // One of the folders where it was before; before this command it may have been anywhere.
    if (name === 'cd' || args.length > 0) state.directories = null;
    return name === 'cd' ? SOME : NOTHING;
  }
  touch(call, target, 'read');
  if (state.directories === null) {
    if (pathOf(target).root !== 'relative') state.directories = null;
    return NOTHING;
  }
  const path = pathOf(target);
  const targets: readonly Field[] =
    path.root === 'relative'
      ? state.directories.map((directory) => joined([...directory, ...literal('/'), ...target]))
      : [target];
  state.directories = path.root === 'unknown' ? null : union(state.directories, targets);
  return NOTHING;
};
