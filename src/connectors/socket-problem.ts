/**
 * What is wrong with the way to a server, by the code of the error. The sentences are fixed: the words of a socket or a
 * driver hold the address.
 */
export function socketProblem(code: string): string {
  switch (code) {
    case 'ECONNREFUSED':
      return 'The database refuses connections.';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'The name of the database server does not resolve.';
    case 'ECONNRESET':
    case 'EPIPE':
    case 'PROTOCOL_CONNECTION_LOST':
      return 'The connection to the database was lost.';
    case 'ETIMEDOUT':
      return 'The database does not answer.';
    case 'ENOENT':
      return 'The socket of the database server does not exist.';
    default:
      return /CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO/u.test(code)
        ? `The TLS connection to the database could not be verified (${code}).`
        : 'The connection to the database could not be used.';
  }
}
