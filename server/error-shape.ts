import type { TRPCDefaultErrorShape } from '@trpc/server';
import type { TRPCError } from '@trpc/server';
import { ZodError } from 'zod';
import { errorKinds, SwitchboardError } from '../shared/errors.ts';
import type { ErrorCode, ErrorDetails } from '../shared/errors.ts';
import { newId } from '../shared/new-id.ts';
import { limits } from '../shared/limits.ts';

/** What a client finds at `error.data`. */
interface ErrorData extends ErrorDetails {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly httpStatus: number;
  readonly path?: string;
}

export interface ErrorShape {
  readonly code: TRPCDefaultErrorShape['code'];
  readonly message: string;
  readonly data: ErrorData;
}

/** tRPC's own codes that a client's mistake can cause; all others are ours to explain, so they are `INTERNAL`. */
const codesOfTrpc: Partial<Record<TRPCError['code'], ErrorCode>> = {
  PARSE_ERROR: 'INVALID_INPUT',
  BAD_REQUEST: 'INVALID_INPUT',
  METHOD_NOT_SUPPORTED: 'INVALID_INPUT',
  UNPROCESSABLE_CONTENT: 'INVALID_INPUT',
  UNSUPPORTED_MEDIA_TYPE: 'INVALID_INPUT',
  NOT_FOUND: 'NOT_FOUND',
  UNAUTHORIZED: 'UNAUTHENTICATED',
  PAYLOAD_TOO_LARGE: 'TOO_LARGE',
};

const httpStatuses: Partial<Record<ErrorCode, number>> = {
  UNAUTHENTICATED: 401,
  NOT_FOUND: 404,
  CONFLICT_BUSY: 409,
  CONFLICT_DUPLICATE: 409,
  TOO_LARGE: 413,
  RATE_LIMITED: 429,
  QUEUE_FULL: 429,
  UNAVAILABLE: 503,
  INTERNAL: 500,
};

/** The same error, asked for twice (once for the log, once for the client), has the same id. */
const errorIds = new WeakMap<TRPCError, string>();

/**
 * What was thrown, as one of our errors. What nobody foresaw becomes `INTERNAL` with an id; its own words stay in the
 * log, under that id.
 */
export function asSwitchboardError(error: TRPCError): SwitchboardError {
  const { cause } = error;
  if (cause instanceof SwitchboardError) return cause;
  if (cause instanceof ZodError) return fromZod(cause);
  const code = codesOfTrpc[error.code];
  if (code === 'TOO_LARGE') {
    const { frameBytes: limit } = limits;
    return new SwitchboardError(code, `expected at most ${limit} bytes`, { details: { limit } });
  }
  if (code) return new SwitchboardError(code, messageOfTrpc(error));
  const errorId = errorIds.get(error) ?? newId();
  errorIds.set(error, errorId);
  return new SwitchboardError('INTERNAL', `something went wrong here; the log has it under ${errorId}`, {
    details: { errorId },
    cause: error,
  });
}

export function errorShape(shape: TRPCDefaultErrorShape, error: TRPCError): ErrorShape {
  const { code, message, details } = asSwitchboardError(error);
  return {
    code: shape.code,
    message,
    data: {
      code,
      retryable: errorKinds[code].retryable,
      httpStatus: httpStatusOf(code),
      ...(shape.data.path === undefined ? {} : { path: shape.data.path }),
      ...details,
    },
  };
}

function httpStatusOf(code: ErrorCode): number {
  return httpStatuses[code] ?? 400;
}

function messageOfTrpc(error: TRPCError): string {
  return error.code === 'PARSE_ERROR' ? 'expected a JSON request as tRPC sends it, got something else' : error.message;
}

function fromZod(error: ZodError): SwitchboardError {
  const tooLarge = error.issues.find((issue) => issue.code === 'too_big' && issue.origin === 'string');
  const message = error.issues.map((issue) => `${issue.path.join('.') || 'input'}: ${issue.message}`).join('; ');
  if (tooLarge?.code !== 'too_big') return new SwitchboardError('INVALID_INPUT', message);
  return new SwitchboardError('TOO_LARGE', message, { details: { limit: Number(tooLarge.maximum) } });
}
