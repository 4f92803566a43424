/** Whose fault it was: what the client sent, what the server is, or what the model did. */
type Fault = 'client' | 'server' | 'model';

interface ErrorKind {
  readonly fault: Fault;
  /** Whether the same call may be sent again, unchanged, with hope. */
  readonly retryable: boolean;
}

/**
 * The closed table of everything that can go wrong, shared by both sides. A client finds the code at `error.data.code`,
 * a run's at `error.code`.
 */
export const errorKinds = {
  UNAUTHENTICATED: { fault: 'client', retryable: false },
  /** Missing and foreign alike, so that nobody learns what exists. */
  NOT_FOUND: { fault: 'client', retryable: false },
  /** Carries `version`, the newest there is, where `ifVersion` named an older one. */
  INVALID_INPUT: { fault: 'client', retryable: false },
  /** Carries `activeRunId`. */
  CONFLICT_BUSY: { fault: 'client', retryable: true },
  CONFLICT_DUPLICATE: { fault: 'client', retryable: false },
  /** Carries `limit`. */
  TOO_LARGE: { fault: 'client', retryable: false },
  /** Carries `retryAfterMs`. */
  RATE_LIMITED: { fault: 'client', retryable: true },
  QUEUE_FULL: { fault: 'client', retryable: true },
  APP_UNPUBLISHED: { fault: 'client', retryable: false },
  /** Carries `limit`, the tokens of a day, and `retryAfterMs`. */
  BUDGET_EXCEEDED: { fault: 'client', retryable: false },
  UNAVAILABLE: { fault: 'server', retryable: true },
  /** Carries `errorId`, under which the log has the details. */
  INTERNAL: { fault: 'server', retryable: false },

  RUN_TIMEOUT: { fault: 'server', retryable: true },
  MODEL_TIMEOUT: { fault: 'model', retryable: true },
  MODEL_AUTH: { fault: 'server', retryable: false },
  MODEL_RATE_LIMITED: { fault: 'model', retryable: true },
  MODEL_REFUSED: { fault: 'model', retryable: false },
  MODEL_UNAVAILABLE: { fault: 'model', retryable: true },
  MODEL_BROKEN_STREAM: { fault: 'model', retryable: true },
  MODEL_BAD_REQUEST: { fault: 'server', retryable: false },
  CONTEXT_TOO_LONG: { fault: 'client', retryable: false },
  ANSWER_TOO_LARGE: { fault: 'model', retryable: false },
  TOOL_FAILED: { fault: 'server', retryable: true },
  WORKFLOW_INVALID: { fault: 'client', retryable: false },
  WORKFLOW_LIMIT: { fault: 'client', retryable: false },
  INPUT_EXPIRED: { fault: 'client', retryable: false },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof errorKinds;

export const errorCodes = Object.keys(errorKinds) as [ErrorCode, ...ErrorCode[]];

/** What some codes carry besides their message; each is named in the table above. */
export interface ErrorDetails {
  readonly activeRunId?: string;
  readonly limit?: number;
  readonly retryAfterMs?: number;
  readonly errorId?: string;
  readonly version?: number;
}

/**
 * An error whose code, message and details may be shown to whoever called.
 *
 * Anything else that is thrown reaches the client as `INTERNAL` with an id and nothing more.
 */
export class SwitchboardError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, options: { details?: ErrorDetails; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'SwitchboardError';
    this.code = code;
    this.details = options.details ?? {};
  }
}

/** Close codes of the WebSocket, and whether a client should come back. */
export const closeCodes = {
  done: 1000,
  goingAway: 1001,
  frameTooLarge: 1009,
  /** Not again with the same token. */
  unauthenticated: 4401,
  stalledReader: 4408,
  tooMany: 4429,
} as const;

/** For the `default` of a switch that has handled every case: does not compile when one was forgotten. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
