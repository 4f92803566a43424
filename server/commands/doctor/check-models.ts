import type { Config } from '../../config.ts';
import { doubtfulDefault } from '../../handlers/doubtful-default.ts';
import { splitModelId } from '../../handlers/model-id.ts';
import { createModels } from '../../handlers/models.ts';
import { checkProvider } from './check-provider.ts';
import { ok, problemOf, warning } from './finding.ts';
import type { Finding } from './finding.ts';
import { providersOf } from './providers.ts';

/** The default model, and a small request to each provider that is configured: who answers, and what it has. */
export async function checkModels(config: Config): Promise<{ defaultModel: string; findings: Finding[] }> {
  const models = createModels(config);
  const { provider, name } = splitModelId(models.defaultModel);
  const providers = providersOf(config);
  const asked = providers.map((one) => checkProvider(one, one.name === provider ? name : null));
  const own = defaultFinding(models.defaultModel, await models.problem());
  const answers = await Promise.all(asked);
  // A provider that has the model, or has not, has said more than a guess.
  const isKnown = answers.some(({ check, state }) => check === provider && state !== 'warning');
  const doubt = isKnown ? null : doubtfulDefault(config, models.defaultModel);
  const doubts = doubt ? [warning('DEFAULT_MODEL', doubt.found, doubt.fix)] : [];
  return { defaultModel: models.defaultModel, findings: [own, ...doubts, ...answers] };
}

function defaultFinding(model: string, trouble: string | null): Finding {
  if (trouble !== null) return problemOf('model', trouble);
  if (!model.startsWith('demo:')) return ok('model', `${model} is the default`);
  const fix = 'set OPENAI_API_KEY or ANTHROPIC_API_KEY, or OPENAI_BASE_URL for a compatible server';
  return warning('model', 'no language model is connected: a built-in demo answers', fix);
}
