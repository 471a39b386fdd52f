const INBOX = '/console/approvals';
const ONE = /^\/console\/approvals\/apr_[0-9a-f-]{1,64}$/;

/** Where a person goes after signing in: a page of the console and nothing else, so that no link leads out of here. */
export function returnPath(wanted: string | null): string {
  return wanted !== null && ONE.test(wanted) ? wanted : INBOX;
}
