import { TRPCClientError } from '@trpc/client';
import type { AppRouter } from '../server/routers/app-router.ts';
import { closeCodes, errorKinds } from '../shared/errors.ts';
import type { ErrorCode, ErrorDetails } from '../shared/errors.ts';

/** What every call of the client rejects with. `data` is absent when no answer came, so that the outcome is unknown. */
export type CallError = TRPCClientError<AppRouter>;

/** An error as data: what a view can show and act on. */
export interface ErrorInfo extends ErrorDetails {
  /** Null when the server did not say: the call may or may not have taken effect. */
  readonly code: ErrorCode | null;
  readonly message: string;
}

/** The server's answer in an error; null when there was none, or when it is not an error of a call. */
export function codeOf(error: unknown): ErrorCode | null {
  const code: unknown = dataOf(error)?.['code'];
  return typeof code === 'string' && Object.hasOwn(errorKinds, code) ? (code as ErrorCode) : null;
}

export function infoOf(error: unknown): ErrorInfo {
  const message = error instanceof Error ? error.message : String(error);
  const { activeRunId, limit, retryAfterMs, errorId } = (dataOf(error) ?? {}) as ErrorDetails;
  const details = Object.entries({ activeRunId, limit, retryAfterMs, errorId }).filter(
    ([, value]) => value !== undefined,
  );
  return { code: codeOf(error), message, ...Object.fromEntries(details) };
}

/** Whether the server answered. Where it did not, the call may have taken effect. */
export function wasAnswered(error: unknown): boolean {
  return dataOf(error) !== null;
}

/** An error that this side knows the code of without asking. */
export function typedError(code: ErrorCode, message: string, details: ErrorDetails = {}): CallError {
  const data = { code, retryable: errorKinds[code].retryable, httpStatus: 0, ...details };
  return new TRPCClientError<AppRouter>(message, { result: { error: { code: -32_600, message, data } } });
}

/** Whether the socket was closed because what this call sent did not fit into a frame: it never will. */
export function wasTooLargeAFrame(error: unknown): boolean {
  if (!(error instanceof TRPCClientError)) return false;
  const cause: unknown = error.cause;
  return typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === closeCodes.frameTooLarge;
}

function dataOf(error: unknown): Record<string, unknown> | null {
  if (!(error instanceof TRPCClientError)) return null;
  const data: unknown = error.data;
  return typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : null;
}
