import { z } from 'zod';
import { readFailure } from '../../handlers/model-failure.ts';
import { ok, problem, warning } from './finding.ts';
import type { Finding } from './finding.ts';
import { nearest } from './nearest.ts';
import type { Provider } from './providers.ts';

/** Milliseconds in which a provider has to answer. */
const answerMs = 5_000;

/** Both providers list their models like this, and so do the servers that are compatible with them. */
const ModelList = z.object({ data: z.array(z.object({ id: z.string() })) });

/** @param model the name of the model that this provider is to have; null when any will do */
export async function checkProvider(provider: Provider, model: string | null): Promise<Finding> {
  const { headers, listUrl } = provider;
  try {
    // Followed, a redirect would take the key along; and no answer of a model is asked for elsewhere either.
    const response = await fetch(listUrl, { headers, redirect: 'manual', signal: AbortSignal.timeout(answerMs) });
    const body: unknown = await response.json().catch(() => null);
    return ofAnswer(provider, model, response.status, ModelList.safeParse(body).data);
  } catch (error) {
    return ofSilence(provider, error);
  }
}

function ofAnswer(
  provider: Provider,
  model: string | null,
  status: number,
  list: z.infer<typeof ModelList> | undefined,
): Finding {
  const { address, hasKey, keyVariable, name } = provider;
  if (status === 401 || status === 403) {
    const found = hasKey ? `${address} refused the key (${status})` : `${address} wants a key (${status})`;
    return problem(name, found, `set ${keyVariable} to one that it accepts`);
  }
  if (status >= 300 && status < 400) {
    const fix = `set ${provider.variable ?? 'its base URL'} to where it leads, often the same address with https`;
    return problem(name, `${address} sends its requests elsewhere (${status})`, fix);
  }
  if (status >= 500 || status === 429) {
    return warning(name, `${address} answered ${status}`, 'try again later; the address and the port are right');
  }
  if (!list) return withoutList(provider, status);
  const ids = list.data.map(({ id }) => id);
  if (model === null) return ok(name, `${address} answers, ${ids.length} models`);
  // Ollama takes a name without a tag for its newest.
  if (ids.includes(model) || ids.includes(`${model}:latest`)) return ok(name, `${address} answers and has ${model}`);
  return unknownModel(provider, model, ids);
}

function unknownModel({ address, name }: Provider, model: string, ids: readonly string[]): Finding {
  const near = nearest(model, ids).map((id) => `DEFAULT_MODEL=${name}:${id}`);
  const fix = near.length > 0 ? `set ${near.join(' or ')}` : 'give it a model first';
  return problem(name, `${address} answers, but has no model ${JSON.stringify(model)}`, fix);
}

/** A server may answer without a list; but mostly it is the wrong path. */
function withoutList({ address, name, variable }: Provider, status: number): Finding {
  const found = `${address} answered ${status} and no list of models`;
  if (variable === 'OPENAI_BASE_URL' && !/\/v\d+$/.test(address)) {
    return problem(name, found, `a base URL usually ends in /v1: set ${variable}=${address}/v1`);
  }
  return warning(
    name,
    found,
    `check ${variable ?? 'that nothing is between'}; whether the model is there cannot be told`,
  );
}

function ofSilence({ address, name, variable }: Provider, error: unknown): Finding {
  const isLate = error instanceof Error && error.name === 'TimeoutError';
  const reason = isLate ? `no answer in ${answerMs / 1_000} s` : (readFailure(error).connection ?? 'no connection');
  const fix = variable
    ? `start its server, or set ${variable} to where it is`
    : "check this machine's way to the internet (a proxy, a firewall)";
  return problem(name, `${address} cannot be reached (${reason})`, fix);
}
