/** What shares a data key: a session or, of what belongs to none, a day. `time` is epoch milliseconds, UTC. */
export function keyScope(session: string | null, time: number): string {
  return session ?? `day:${new Date(time).toISOString().slice(0, 10)}`;
}

/** Where a part of an approval stands. It opens in no other row and, of what changes, in no other version. */
export function requestPlace(approval: string): string {
  return `approval/${approval}/request`;
}

export function statePlace(approval: string, version: number): string {
  return `approval/${approval}/state/${version}`;
}
