/** Exit codes, after sysexits.h where it has one. Documented in `docs/cli.md`. */
export const EXIT = {
  ok: 0,
  /** The command did its work and the answer is no: a check that failed, a call that would be refused. */
  no: 1,
  usage: 2,
  /** Something the command was pointed at does not exist or can't be read as what it should be. */
  noInput: 66,
  unavailable: 69,
  internal: 70,
  cannotListen: 71,
  config: 78,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
