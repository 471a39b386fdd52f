/** A session could not be opened, whatever the reason: no statement was involved, and the error's words name the way. */
export class ConnectFailed extends Error {
  constructor(cause: unknown) {
    super('connect failed', { cause });
  }
}
