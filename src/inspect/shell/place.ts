import type { ShellPlace } from '../../model/facts.ts';
import { shownField, textOf, type Field } from './field.ts';
import { patternOf } from './pattern.ts';
import { isSecret, isSecretName } from './secrets.ts';
import type { Path } from './path.ts';

/** Devices that hold nothing and keep nothing. */
const QUIET_DEVICES = /^(?:null|zero|full|random|urandom|stdin|stdout|stderr|tty|fd(?:\/\d+)?)$/;

/** Whether reading or writing it is nothing that anyone would want to know. */
export function isQuiet(path: Path): boolean {
  return path.root === 'absolute' && QUIET_DEVICES.test(deviceOf(path) ?? '');
}

function deviceOf({ parts }: Path): string | undefined {
  const [first, ...rest] = parts.map(textOf);
  if (first !== 'dev' || rest.includes(undefined)) return undefined;
  return rest.join('/');
}

/** Where reading this path reads from. A credential is one wherever it lies. */
export function placeRead(path: Path): ShellPlace {
  if (path.root === 'unknown' || path.wanders) return 'unknown';
  if (isSecret(path) || isSecretName(path.parts.at(-1))) return 'secret';
  return placeOf(path);
}

/** Where writing this path writes to. An `.env` in the folder is a file of the folder. */
export function placeWritten(path: Path): ShellPlace {
  if (path.root === 'unknown' || path.wanders) return 'unknown';
  return isSecret(path) ? 'secret' : placeOf(path);
}

function placeOf(path: Path): ShellPlace {
  const [first, second] = path.parts.map((part) => textOf(part));
  switch (path.root) {
    case 'unknown':
      return 'unknown';
    case 'home':
      return 'home';
    case 'relative':
      if (path.up > 0) return 'parent';
      return path.parts.some((part, index) => mayBeRepository(part, index === path.parts.length - 1))
        ? 'repository'
        : 'workspace';
    case 'absolute':
      if (first === 'tmp' || (first === 'var' && second === 'tmp')) return 'tmp';
      if (first === 'dev') return 'device';
      return 'system';
  }
}

/** A plain `*` does not match a name that begins with a dot; `**` is all that lies below only where nothing follows. */
function mayBeRepository(part: Field, isLast: boolean): boolean {
  const text = textOf(part);
  if (text !== undefined) return text === '.git';
  const [only] = part;
  if (part.length === 1 && only?.kind === 'glob' && only.text === '**') return isLast;
  return patternOf(part).test('.git');
}

/** A folder's root, or everything in it: what is removed here was not named. */
export function isSweeping({ root, parts, up }: Path): boolean {
  if (root === 'unknown') return true;
  const named = parts.filter((part) => part.some((segment) => segment.kind === 'text'));
  if (named.length === 0) return true;
  if (parts.length === 1 && mayBeRepository(parts[0] ?? [], true)) return true;
  return (root !== 'relative' || up > 0) && named.length === 1;
}

export function shownPath({ root, parts, up }: Path): string {
  if (root === 'unknown') return '…';
  const below = parts.map(shownField).join('/');
  if (root === 'home') return below === '' ? '~' : `~/${below}`;
  if (root === 'absolute') return `/${below}`;
  const above = Array.from({ length: up }, () => '..').join('/');
  return [above, below].filter((part) => part !== '').join('/') || '.';
}
