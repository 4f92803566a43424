import { z } from 'zod';
import { ok, problemOf, warning } from './finding.ts';
import type { Finding } from './finding.ts';

/** Milliseconds in which a server on this machine answers. */
const answerMs = 1_000;

/** The default model comes first. */
const ModelList = z.object({
  result: z.object({ data: z.array(z.object({ id: z.string(), problem: z.string().optional() })).min(1) }),
});

/**
 * The default model of the server that is running, which may have been started with other variables than these.
 *
 * @param expected the default model of a server that would be started now
 */
export async function checkRunning(url: string, expected: string): Promise<Finding> {
  const check = 'running server';
  const model = await defaultModelAt(url);
  if (model === null) {
    return warning(check, `${url} does not say which model answers`, 'look at what it was started with');
  }
  if (model.problem !== undefined) return problemOf(check, `${url} cannot answer: ${model.problem}`);
  if (model.id === expected) return ok(check, `${model.id} answers there`);
  return warning(
    check,
    `${model.id} answers there, and with the variables that are set here it would be ${expected}`,
    'start it again with these variables, or start doctor with those of the server',
  );
}

/** Null where it takes a token to ask, or an older version answers. */
async function defaultModelAt(url: string) {
  try {
    const response = await fetch(`${url}/trpc/model.list`, { signal: AbortSignal.timeout(answerMs) });
    return ModelList.parse(await response.json()).result.data[0] ?? null;
  } catch {
    return null;
  }
}
