/** The database cannot be used as configured. The message is for whoever starts the server, and never holds a password. */
export class ConnectError extends Error {
  override readonly name = 'ConnectError';
}
