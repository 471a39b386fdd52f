/** What a path below `/log/` asks for. `width` is 256 for a full tile. */
export type LogResource =
  | { readonly kind: 'checkpoint' }
  | { readonly kind: 'tile'; readonly level: number; readonly index: number; readonly width: number }
  | { readonly kind: 'entries'; readonly index: number; readonly width: number };

const FULL = 256;

/** An index of up to 15 digits, in threes: `x001/x234/067`. The first of several is not `x000`. */
const TILE_PATH =
  /^\/log\/tile\/(entries|0|[1-9]\d?)\/((?:x(?!000)\d{3}\/(?:x\d{3}\/){0,3})?\d{3})(?:\.p\/([1-9]\d{0,2}))?$/;

const MAX_LEVEL = 63;

/** C2SP tlog-tiles, "Parameters" and "Merkle Tree". Null where the path is none of it, or not written as it is there. */
export function parseLogPath(path: string): LogResource | null {
  if (path === '/log/checkpoint') return { kind: 'checkpoint' };
  const [, level = '', digits = '', partial] = TILE_PATH.exec(path) ?? [];
  if (digits === '') return null;
  const index = Number(digits.replaceAll(/[x/]/g, ''));
  const width = partial === undefined ? FULL : Number(partial);
  if (partial !== undefined && width >= FULL) return null;
  if (level === 'entries') return { kind: 'entries', index, width };
  return Number(level) > MAX_LEVEL ? null : { kind: 'tile', level: Number(level), index, width };
}
