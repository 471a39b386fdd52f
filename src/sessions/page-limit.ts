const MAX_PAGE_RECORDS = 10_000;

/** Throws `RangeError` for a limit that no query takes. */
export function checkLimit(limit: number): void {
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_PAGE_RECORDS) return;
  throw new RangeError(`a limit is a whole number from 1 to ${MAX_PAGE_RECORDS}`);
}
