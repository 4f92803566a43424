import { SwitchboardError } from '../../shared/errors.ts';
import { readFailure } from './model-failure.ts';
import type { Failure } from './model-failure.ts';
import type { ModelEndpoint } from './model-endpoint.ts';
import { explain } from './model-error-words.ts';
import type { ModelCode } from './model-error-words.ts';
import { isPassing } from './model-limits.ts';

/**
 * What a model's library threw, as an error for the person who waits: which model, what came, what to do. Keys never
 * get into it. What the provider itself said does only where it helps, shortened and in “ ”: it may repeat what a
 * person wrote, so the log leaves out what stands between these.
 *
 * @param began whether anything of the answer had come
 * @param endpoint where the model was asked; null where that is not known
 */
export function modelError(
  error: unknown,
  model: string,
  began: boolean,
  endpoint: ModelEndpoint | null = null,
): SwitchboardError {
  if (error instanceof SwitchboardError) return error;
  const failure = readFailure(error);
  const code = codeOf(failure, began);
  return new SwitchboardError(code, explain[code]({ model, endpoint, ...failure }), { cause: error });
}

/** A stream that ended without saying that the answer is whole. */
export function brokenOff(model: string, nothingCame = false, endpoint: ModelEndpoint | null = null): SwitchboardError {
  if (!nothingCame) {
    return new SwitchboardError(
      'MODEL_BROKEN_STREAM',
      `the answer of ${model} broke off before its end; send it again`,
    );
  }
  const where = endpoint?.variable ? ` at ${endpoint.variable}=${endpoint.address}` : '';
  const fix = 'check that it is a chat model, and that its base URL is the root of the API, which usually ends in /v1';
  return new SwitchboardError('MODEL_BROKEN_STREAM', `${model}${where} sent nothing that is an answer; ${fix}`);
}

/** Where no tool was offered nobody waits for a call; what the model would say after it never comes. */
export function calledTool(model: string): SwitchboardError {
  return new SwitchboardError(
    'MODEL_BROKEN_STREAM',
    `${model} called a tool instead of finishing its answer, and not one that it was offered; send it again, or choose another model`,
  );
}

export function refused(model: string): SwitchboardError {
  return new SwitchboardError('MODEL_REFUSED', `${model} refused to answer this; say it differently`);
}

/** The words of providers for the same thing, in `code`, `type` or the message; the first that fits counts. */
const words: readonly (readonly [RegExp, ModelCode])[] = [
  [
    /context_length_exceeded|context_?overflow|maximum context length|prompt is too long|exceeds? the (available )?context|exceed_context_size|input tokens exceed/i,
    'CONTEXT_TOO_LONG',
  ],
  [/content_filter|content_policy|responsible_?ai|model-?refusal/i, 'MODEL_REFUSED'],
  [/insufficient_quota|rate[_ ]?limit|too[_ ]many[_ ]requests/i, 'MODEL_RATE_LIMITED'],
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
  if (isPassing(status)) return 'MODEL_UNAVAILABLE';
  const said = words.find(([pattern]) => pattern.test(failure.kinds) || pattern.test(failure.message))?.[1];
  return said === 'CONTEXT_TOO_LONG' || said === 'MODEL_REFUSED' || said === 'MODEL_AUTH' ? said : 'MODEL_BAD_REQUEST';
}
