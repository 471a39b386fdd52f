import type { Field } from './field.ts';

/** What a command may print, or is given as its input. */
export interface Stream {
  /** The whole text, as one of these, where it can be told. */
  readonly texts?: readonly Field[];
  /** Paths, each ended by NUL: what `find -print0` gives `xargs -0`. */
  readonly names?: readonly Field[];
  /** Any of it may have come from another machine. */
  readonly fetched: boolean;
}

/** Nothing is known of it, and nothing of it was fetched by this command. */
export const SOME: Stream = { fetched: false };
export const NOTHING: Stream = { texts: [[]], fetched: false };

export function said(...texts: readonly Field[]): Stream {
  return { texts, fetched: false };
}

/** A text of which only the origin is known. */
export function from(...streams: readonly Stream[]): Stream {
  return { fetched: streams.some(({ fetched }) => fetched) };
}
