import { SwitchboardError } from '../../shared/errors.ts';
import type { ErrorCode } from '../../shared/errors.ts';
import { readFailure } from './model-failure.ts';
import type { Failure } from './model-failure.ts';
import { splitModelId } from './model-id.ts';

/**
 * What a model's library threw, as an error for the person who waits: which model, what came, what to do. Keys never
 * get into it; what the provider said does only where it helps, shortened.
 *
 * @param began whether anything of the answer had come
 */
export function modelError(error: unknown, model: string, began: boolean): SwitchboardError {
  if (error instanceof SwitchboardError) return error;
  const failure = readFailure(error);
  const code = codeOf(failure, began);
  return new SwitchboardError(code, explain[code](model, failure), { cause: error });
}

/** A stream that ended without saying that the answer is whole. */
export function brokenOff(model: string, nothingCame = false): SwitchboardError {
  if (!nothingCame) {
    return new SwitchboardError(
      'MODEL_BROKEN_STREAM',
      `the answer of ${model} broke off before its end; send it again`,
    );
  }
  const fix = 'check that it is a chat model, and that its base URL is the root of the API, which usually ends in /v1';
  return new SwitchboardError('MODEL_BROKEN_STREAM', `${model} sent nothing that is an answer; ${fix}`);
}

export function refused(model: string): SwitchboardError {
  return new SwitchboardError('MODEL_REFUSED', `${model} refused to answer this; say it differently`);
}

type ModelCode = Extract<
  ErrorCode,
  | 'MODEL_AUTH'
  | 'MODEL_RATE_LIMITED'
  | 'MODEL_REFUSED'
  | 'MODEL_TIMEOUT'
  | 'MODEL_UNAVAILABLE'
  | 'MODEL_BROKEN_STREAM'
  | 'MODEL_BAD_REQUEST'
  | 'CONTEXT_TOO_LONG'
>;

/** The words of providers for the same thing, in `code`, `type` or the message; the first that fits counts. */
const words: readonly (readonly [RegExp, ModelCode])[] = [
  [
    /context_length_exceeded|context_?overflow|maximum context length|prompt is too long|exceeds? the (available )?context|exceed_context_size|input tokens exceed/i,
    'CONTEXT_TOO_LONG',
  ],
  [/content_filter|content_policy|responsible_?ai|model-?refusal/i, 'MODEL_REFUSED'],
  [/insufficient_quota|rate_?limit|too_many_requests/i, 'MODEL_RATE_LIMITED'],
  [/authentication|permission_error|invalid_api_key|credit balance/i, 'MODEL_AUTH'],
  [/overloaded|server_error|api_error|internal_?server|service_unavailable|unavailable/i, 'MODEL_UNAVAILABLE'],
  [/timeout_error|TimeoutError/, 'MODEL_TIMEOUT'],
  [/invalid_request|bad_?request|not_found|unsupported|not supported/i, 'MODEL_BAD_REQUEST'],
];

function codeOf(failure: Failure, began: boolean): ModelCode {
  const { status, connection, cut } = failure;
  if (cut) return 'MODEL_BROKEN_STREAM';
  if (connection) return began ? 'MODEL_BROKEN_STREAM' : 'MODEL_UNAVAILABLE';
  if (status !== null) return codeOfStatus(status, failure);
  const said = words.find(([pattern]) => pattern.test(failure.kinds) || pattern.test(failure.message));
  return said?.[1] ?? (began ? 'MODEL_BROKEN_STREAM' : 'MODEL_UNAVAILABLE');
}

function codeOfStatus(status: number, failure: Failure): ModelCode {
  if (status === 401 || status === 403) return 'MODEL_AUTH';
  if (status === 429) return 'MODEL_RATE_LIMITED';
  if (status === 413) return 'CONTEXT_TOO_LONG';
  if (status === 408 || status >= 500) return 'MODEL_UNAVAILABLE';
  const said = words.find(([pattern]) => pattern.test(failure.kinds) || pattern.test(failure.message))?.[1];
  return said === 'CONTEXT_TOO_LONG' || said === 'MODEL_REFUSED' || said === 'MODEL_AUTH' ? said : 'MODEL_BAD_REQUEST';
}

const keys: Readonly<Record<string, string>> = { openai: 'OPENAI_API_KEY', anthropic: 'ANTHROPIC_API_KEY' };

const explain: Readonly<Record<ModelCode, (model: string, failure: Failure) => string>> = {
  MODEL_AUTH: (model, { status }) => {
    const key = keys[splitModelId(model).provider] ?? 'its key';
    return `the provider of ${model} refused the server's key${answered(status)}; check ${key} and what the account may use`;
  },
  MODEL_RATE_LIMITED: (model, { status, kinds }) =>
    kinds.includes('insufficient_quota')
      ? `the account for ${model} has used up its quota${answered(status)}; check its plan and billing`
      : `the provider of ${model} takes no more requests for now${answered(status)}; send it again in a moment`,
  MODEL_REFUSED: (model) => refused(model).message,
  MODEL_TIMEOUT: (model) => `${model} did not answer in time; send it again`,
  MODEL_UNAVAILABLE: (model, { status, connection }) =>
    connection
      ? `${model} cannot be reached (${connection}); check that its server runs, and its address`
      : `${model} cannot answer at the moment${answered(status)}; send it again in a moment`,
  MODEL_BROKEN_STREAM: (model) => brokenOff(model).message,
  MODEL_BAD_REQUEST: (model, { status, message }) =>
    `the provider of ${model} does not accept the request${answered(status)}${said(message)}; check the model's name ` +
    'and settings in the assistant, or DEFAULT_MODEL',
  CONTEXT_TOO_LONG: (model) => `this conversation is too long for ${model}; shorten the message or begin a new chat`,
};

function answered(status: number | null): string {
  return status === null ? '' : ` (it answered ${status})`;
}

function said(message: string): string {
  return message === '' ? '' : `: ${message}`;
}
