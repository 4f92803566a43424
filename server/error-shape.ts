import type { TRPCDefaultErrorShape } from '@trpc/server';
import type { TRPCError } from '@trpc/server';
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc';
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
  /** Nobody is there to be told. */
  CLIENT_CLOSED_REQUEST: 'UNAVAILABLE',
};

const httpStatuses: Partial<Record<ErrorCode, number>> = {
  UNAUTHENTICATED: 401,
  NOT_FOUND: 404,
  CONFLICT_BUSY: 409,
  CONFLICT_DUPLICATE: 409,
  TOO_LARGE: 413,
  RATE_LIMITED: 429,
  BUDGET_EXCEEDED: 429,
  QUEUE_FULL: 429,
  UNAVAILABLE: 503,
  INTERNAL: 500,
};

/** What tRPC says of an HTTP request with too many calls in it. */
const tooManyCalls = 'Batch call exceeds maximum size';

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
  if (code && error.message === tooManyCalls) {
    const { callsPerFrame: limit } = limits;
    return new SwitchboardError('TOO_LARGE', `expected at most ${limit} calls in a request`, { details: { limit } });
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
  return shapeOf(asSwitchboardError(error), shape.code, shape.data.path);
}

/** What a call is answered that never reached tRPC. */
export function refusedShape(error: SwitchboardError): ErrorShape {
  return shapeOf(error, TRPC_ERROR_CODES_BY_KEY.BAD_REQUEST);
}

function shapeOf(error: SwitchboardError, rpcCode: ErrorShape['code'], path?: string): ErrorShape {
  const { code, message, details } = error;
  const { retryable } = errorKinds[code];
  const data = { code, retryable, httpStatus: httpStatusOf(code), ...(path === undefined ? {} : { path }), ...details };
  return { code: rpcCode, message, data };
}

function httpStatusOf(code: ErrorCode): number {
  return httpStatuses[code] ?? 400;
}

function messageOfTrpc(error: TRPCError): string {
  return error.code === 'PARSE_ERROR' ? 'expected a JSON request as tRPC sends it, got something else' : error.message;
}

function fromZod(error: ZodError): SwitchboardError {
  const tooLarge = error.issues.find((issue) => issue.code === 'too_big' && issue.origin === 'string');
  const limited = error.issues.find((issue) => issue.code === 'custom' && typeof issue.params?.['limit'] === 'number');
  const message = error.issues.map((issue) => `${issue.path.join('.') || 'input'}: ${issue.message}`).join('; ');
  if (limited?.code === 'custom') {
    return new SwitchboardError('TOO_LARGE', message, { details: { limit: Number(limited.params?.['limit']) } });
  }
  if (tooLarge?.code !== 'too_big') return new SwitchboardError('INVALID_INPUT', message);
  return new SwitchboardError('TOO_LARGE', message, { details: { limit: Number(tooLarge.maximum) } });
}
