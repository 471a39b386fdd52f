/** Which statements are quick, going by how long they took. */
export interface Quickness {
  /** `tookMs` is the time inside the database process, the making of the result included. */
  saw(text: string, tookMs: number): void;
  quick(text: string): boolean;
}

/** What may hold up others, in ms. A row by its key takes 0.03; a result of 100 KB about one. */
const QUICK_MS = 1;
/** What held them up, in ms. Between the two may be a statement that had to wait for the processor. */
const SLOW_MS = 20;
/** Quick so many times, before it is taken to be so. */
const FIRST_STREAK = 4;
/** How many quick ones make up for one that was neither quick nor slow. */
const HALTING = 3;
/** A statement that was taken to be quick and was slow has to show it so many times as long, each time. */
const BACKOFF = 16;
/** But no longer than this: a machine that is too busy makes every statement slow. */
const LONGEST_STREAK = 1024;
/** Statements that are remembered: those of authors, of which there are few. The oldest falls out. */
const MAX_KNOWN = 512;

export function createQuickness(): Quickness {
  const known = new Map<string, { streak: number; needed: number }>();
  return {
    saw(text, tookMs) {
      let of = known.get(text);
      if (of === undefined) {
        of = { streak: 0, needed: FIRST_STREAK };
        known.set(text, of);
        const [oldest] = known.keys();
        if (known.size > MAX_KNOWN && oldest !== undefined) known.delete(oldest);
      }
      if (tookMs <= QUICK_MS) of.streak = Math.min(of.streak + 1, of.needed + 2 * HALTING);
      else if (tookMs <= SLOW_MS) of.streak = Math.max(0, of.streak - HALTING);
      else {
        if (of.streak >= of.needed) of.needed = Math.min(of.needed * BACKOFF, LONGEST_STREAK);
        of.streak = 0;
      }
    },
    quick(text) {
      const of = known.get(text);
      return of !== undefined && of.streak >= of.needed;
    },
  };
}
