import { SwitchboardError } from '../shared/errors.ts';

/** Codes of the driver and of the network that mean: the database did not answer. */
const awayCodes = new Set([
  'CONNECT_TIMEOUT',
  'CONNECTION_CLOSED',
  'CONNECTION_DESTROYED',
  'CONNECTION_ENDED',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

/** Classes of SQLSTATE that mean the same: connection exceptions, an operator's intervention. */
const lostStates = /^(?:08|57P)/;

/** No resources left: the connection goes on, and the same may work later. */
const exhaustedStates = /^53/;

interface DriverError {
  readonly code: string;
  readonly message: string;
}

/**
 * The innermost error that carries a code: drizzle wraps what its drivers throw, and Node wraps one error for each
 * address that it tried.
 */
export function driverError(error: unknown): DriverError | null {
  if (!(error instanceof Error)) return null;
  const inner = driverError(error.cause) ?? (error instanceof AggregateError ? driverError(error.errors[0]) : null);
  if (inner) return inner;
  return 'code' in error && typeof error.code === 'string' ? { code: error.code, message: error.message } : null;
}

/** Whether the database did not answer: nobody knows then what became of a statement. */
export function isAway(error: DriverError): boolean {
  return isLost(error) || exhaustedStates.test(error.code);
}

/** Whether the connection is gone. */
export function isLost({ code }: DriverError): boolean {
  return awayCodes.has(code) || lostStates.test(code);
}

/**
 * What the store throws in place of a driver's error. The original is left behind: it carries the statement and its
 * values, which are what people wrote, and errors are logged.
 */
export function storeError(error: unknown): Error {
  if (error instanceof SwitchboardError) return error;
  const found = driverError(error);
  if (found && isAway(found))
    return new SwitchboardError('UNAVAILABLE', `The database does not answer (${found.code}).`);
  if (found) return new Error(`the database refused a statement: ${found.code} ${found.message}`);
  if (error instanceof Error && error.message.startsWith('Failed query')) {
    return new Error('a statement failed inside of the database', { cause: error.cause });
  }
  return error instanceof Error ? error : new Error(String(error));
}
