import { nearest } from './nearest.ts';

/** "did you mean …?", or the names there are. */
export function didYouMean(found: string, names: readonly string[], write: (name: string) => string): string {
  const near = nearest(found, names);
  if (near !== undefined) return `did you mean ${write(near)}?`;
  return names.length === 0 ? 'none is known' : `known: ${names.map(write).join(', ')}`;
}
