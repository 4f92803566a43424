import type { ErrorCode } from '../../shared/errors.ts';
import type { ModelEndpoint } from './model-endpoint.ts';
import type { Failure } from './model-failure.ts';
import { splitModelId } from './model-id.ts';
import { isQuota } from './model-limits.ts';

/** The codes of what can go wrong with a model. */
export type ModelCode = Extract<
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

/** A failure, and of which model, asked where. */
export interface Trouble extends Failure {
  readonly model: string;
  readonly endpoint: ModelEndpoint | null;
}

/** Which model, what came, what to do; for the person who waits and for whoever runs the server. */
export const explain: Readonly<Record<ModelCode, (trouble: Trouble) => string>> = {
  MODEL_AUTH: ({ model, endpoint, status }) => {
    const key = keys[splitModelId(model).provider] ?? 'its key';
    const fix =
      status === 401
        ? `set ${key} to one that it accepts and start the server again`
        : `check ${key} and what its account may use`;
    return `the provider of ${model}${at(endpoint)} refused the server's key${answered(status)}; ${fix}`;
  },
  MODEL_RATE_LIMITED: ({ model, status, kinds, retryAfterMs }) =>
    isQuota(kinds)
      ? `the account for ${model} has used up its quota${answered(status)}; check its plan and billing`
      : `the provider of ${model} takes no more requests for now${answered(status)}; send it again in ${wait(retryAfterMs)}`,
  MODEL_REFUSED: ({ model }) => `${model} refused to answer this; say it differently`,
  MODEL_TIMEOUT: ({ model }) => `${model} did not answer in time; send it again`,
  MODEL_UNAVAILABLE: (trouble) => (trouble.connection ? unreachable(trouble) : unable(trouble)),
  MODEL_BROKEN_STREAM: ({ model }) => `the answer of ${model} broke off before its end; send it again`,
  MODEL_BAD_REQUEST: (trouble) => {
    if (isRedirect(trouble)) return redirected(trouble);
    if (isUnknownModel(trouble)) return unknownModel(trouble);
    return isNoApi(trouble) ? noApi(trouble) : badRequest(trouble);
  },
  CONTEXT_TOO_LONG: ({ model }) =>
    `this conversation is too long for ${model}; shorten the message or begin a new chat`,
};

const keys: Readonly<Record<string, string>> = { openai: 'OPENAI_API_KEY', anthropic: 'ANTHROPIC_API_KEY' };

/**
 * Providers say it with a code or in a sentence about the model, with 404 or 400. LangChain calls every 404 of OpenAI
 * MODEL_NOT_FOUND, in capitals: that says nothing.
 */
function isUnknownModel({ kinds, message, status }: Trouble): boolean {
  if (status !== 404 && status !== 400) return false;
  if (/model_not_found/.test(kinds)) return true;
  if (status === 404 && /not_found_error/.test(kinds) && /\bmodel\b/.test(message)) return true;
  return /\bmodel\b.{0,80}\b(not found|not exist|unknown|not available)|\b(no such|unknown|invalid) model\b/i.test(
    message,
  );
}

function unknownModel({ model, endpoint, status, message }: Trouble): string {
  const { name } = splitModelId(model);
  return (
    `the provider of ${model}${at(endpoint)} has no model ${JSON.stringify(name)}${answered(status, message)}; ` +
    'set DEFAULT_MODEL, or the model of the assistant, to one that it has, and start the server again'
  );
}

/** Nothing that speaks the API is at the address: a path is missing, or it is another program's. */
function isNoApi({ endpoint, message, status }: Trouble): boolean {
  return endpoint?.variable != null && (status === 404 || status === 405 || isPage(message));
}

function noApi({ model, endpoint, status }: Trouble): string {
  const { address, variable } = endpoint ?? { address: '', variable: '' };
  const guess = /\/v\d+$/.test(address) ? 'check the address' : `try ${variable}=${address}/v1`;
  const fix = variable === 'OPENAI_BASE_URL' ? `it is the root of the API and usually ends in /v1; ${guess}` : guess;
  return `there is no API for ${model} at ${variable}=${address}${answered(status)}: ${fix}, and start the server again`;
}

function isRedirect({ status }: Trouble): boolean {
  return status !== null && status >= 300 && status < 400;
}

function redirected({ model, endpoint, status }: Trouble): string {
  const where = endpoint?.variable ? ` at ${endpoint.variable}=${endpoint.address}` : '';
  const fix = `set ${endpoint?.variable ?? 'its base URL'} to where it leads (often the same address with https)`;
  return `the provider of ${model}${where} sends its requests elsewhere${answered(status)}; ${fix} and start the server again`;
}

function badRequest({ model, message, status }: Trouble): string {
  const fix = "check the model's name and settings in the assistant, or DEFAULT_MODEL";
  return `the provider of ${model} does not accept the request${answered(status, message)}; ${fix}`;
}

function unreachable({ model, endpoint, connection }: Trouble): string {
  if (!endpoint) return `${model} cannot be reached (${connection}); check that its server runs, and its address`;
  const { address, variable } = endpoint;
  if (!variable) {
    return `${model} cannot be reached at ${address} (${connection}); check the server's way to the internet`;
  }
  const fix = /^(ENOTFOUND|EAI_)/.test(connection ?? '')
    ? `check the name of the host in ${variable}`
    : `check that its server runs there, or set ${variable} to where it does`;
  return `${model} cannot be reached at ${address} (${connection}); ${fix}, and send it again`;
}

function unable({ model, status, retryAfterMs }: Trouble): string {
  return `${model} cannot answer at the moment${answered(status)}; send it again in ${wait(retryAfterMs)}`;
}

/** As the provider said, rounded up. */
function wait(ms: number | null): string {
  const seconds = Math.ceil((ms ?? 0) / 1_000);
  if (seconds === 0) return 'a moment';
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 120 ? `${minutes} minutes` : `${Math.ceil(minutes / 60)} hours`;
}

function isPage(message: string): boolean {
  return /<(!doctype|html|head|body)\b/i.test(message);
}

function at(endpoint: ModelEndpoint | null): string {
  return endpoint?.variable ? ` at ${endpoint.address}` : '';
}

/** @param message the provider's own words, which are marked as such: see `modelError` */
function answered(status: number | null, message = ''): string {
  const said = message === '' || isPage(message) ? '' : `“${message.replaceAll(/[“”]/g, '"')}”`;
  if (status === null) return said === '' ? '' : ` (it said ${said})`;
  return ` (it answered ${status}${said === '' ? '' : `: ${said}`})`;
}
