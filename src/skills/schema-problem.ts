/** A problem of an input schema, at a path inside it. */
export interface SchemaProblem {
  readonly path: readonly (string | number)[];
  readonly at: 'key' | 'value';
  readonly message: string;
  readonly suggestion?: string;
  readonly severity: 'error' | 'warning';
}
