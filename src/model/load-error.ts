/** An error in something a person wrote: said so that they can mend it without asking. */
export interface LoadError {
  /** Path as the person would type it, relative to the working directory. */
  readonly file: string;
  /** 1-based; absent where the error has no place in the file (a missing file). */
  readonly line?: number;
  readonly column?: number;
  /** One sentence: what is wrong, what was found, what was expected. */
  readonly message: string;
  /** What to do: the nearest match, or the missing line. */
  readonly suggestion?: string;
}

export type Loaded<T> =
  | { readonly ok: true; readonly value: T; readonly warnings: readonly LoadError[] }
  | { readonly ok: false; readonly errors: readonly LoadError[] };
