/** The database cannot be used as configured. The message is for whoever starts the server, and never holds a password. */
export class ConnectError extends Error {
  override readonly name = 'ConnectError';
}

/** @param reason what the operating system said */
export function notWritable(folder: string, reason: string, cause: unknown): ConnectError {
  return new ConnectError(
    `DATA_DIR: expected a folder to write to, got ${folder} (${reason}); name another or change its permissions`,
    { cause },
  );
}
