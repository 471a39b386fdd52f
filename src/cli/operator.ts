import { userInfo } from 'node:os';

/** Who ran the command, for the record: the account of the operating system. */
export function operator(): string {
  return `os:${userInfo().username}`;
}
