import { pino } from 'pino';
import type { Logger as PinoLogger } from 'pino';

/** Structured lines with ids and sizes; never a message's text, never a secret. */
export type Logger = Pick<PinoLogger, 'debug' | 'info' | 'warn' | 'error'>;

export function createLogger(level: string): Logger {
  // Errors of drivers and model libraries carry queries, prompts and headers as properties: only name, message and stack go out.
  const err = (error: unknown) =>
    error instanceof Error
      ? { type: error.name, message: error.message, stack: error.stack, cause: causeOf(error) }
      : error;
  return pino({ level, serializers: { err } });
}

function causeOf(error: Error): string | undefined {
  return error.cause instanceof Error ? `${error.cause.name}: ${error.cause.message}` : undefined;
}
