import type { Config } from '../../config.ts';
import { splitModelId } from '../../handlers/model-id.ts';
import { createModels } from '../../handlers/models.ts';
import { checkProvider } from './check-provider.ts';
import { ok, problemOf, warning } from './finding.ts';
import type { Finding } from './finding.ts';
import { providersOf } from './providers.ts';

/** The default model, and a small request to each provider that is configured: who answers, and what it has. */
export async function checkModels(config: Config): Promise<Finding[]> {
  const models = createModels(config);
  const { provider, name } = splitModelId(models.defaultModel);
  const providers = providersOf(config);
  const asked = providers.map((one) => checkProvider(one, one.name === provider ? name : null));
  return [defaultFinding(models.defaultModel, await models.problem()), ...(await Promise.all(asked))];
}

function defaultFinding(model: string, trouble: string | null): Finding {
  if (trouble !== null) return problemOf('model', trouble);
  if (!model.startsWith('demo:')) return ok('model', `${model} is the default`);
  const fix = 'set OPENAI_API_KEY or ANTHROPIC_API_KEY, or OPENAI_BASE_URL for a compatible server';
  return warning('model', 'no language model is connected: a built-in demo answers', fix);
}
