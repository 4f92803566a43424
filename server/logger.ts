import { destination, pino } from 'pino';

type Log = (details: object, message: string) => void;

/**
 * Structured lines with ids and sizes; never a message's text, never a secret. A logger of pino fits, and so does
 * `console`.
 */
export interface Logger {
  readonly debug: Log;
  readonly info: Log;
  readonly warn: Log;
  readonly error: Log;
}

/** On stderr: stdout has the one line with the URL. */
export function createLogger(level: string): Logger {
  // Errors of drivers and model libraries carry queries, prompts and headers as properties: only name, message and stack go out.
  const err = (error: unknown) =>
    error instanceof Error
      ? { type: error.name, message: error.message, stack: error.stack, cause: causeOf(error) }
      : error;
  return pino({ level, serializers: { err } }, destination(2));
}

function causeOf(error: Error): string | undefined {
  return error.cause instanceof Error ? `${error.cause.name}: ${error.cause.message}` : undefined;
}
