import type { ModelParameters } from '../../shared/assistant.ts';
import { SwitchboardError } from '../../shared/errors.ts';
import { demoModelId } from './demo-model.ts';
import { splitModelId } from './model-id.ts';

export const providerDefaults: ModelParameters = { temperature: null, topP: null, maxOutputTokens: null };

/** The parameters as the constructors of LangChain's models take them; what is null is left out. */
export function samplingOf({ temperature, topP, maxOutputTokens }: ModelParameters) {
  return {
    ...(temperature !== null && { temperature }),
    ...(topP !== null && { topP }),
    ...(maxOutputTokens !== null && { maxTokens: maxOutputTokens }),
  };
}

interface Asked {
  readonly id: string;
  /** Whether no model was named, so that another one may answer after the next start of the server. */
  readonly isDefault: boolean;
  /** Whether whoever starts the server has made it. */
  readonly isOwn: boolean;
  /** Whether `openai` is a compatible server, whose models nobody here knows by their names. */
  readonly isCompatible: boolean;
  readonly parameters: ModelParameters;
}

/** Errors: `INVALID_INPUT`; see `Models.check`. */
export async function checkParameters(asked: Asked): Promise<void> {
  const { id, isOwn } = asked;
  if (isOwn) return expectNone(asked, 'is set up by this server');
  const { provider } = splitModelId(id);
  switch (provider) {
    case 'demo':
      return checkDemo(asked);
    case 'openai':
      return checkOpenAi(asked);
    case 'anthropic':
      return checkAnthropic(asked);
    default:
      if (await (await import('./other-model.ts')).isProvider(provider)) return;
      throw refused('model', 'openai:…, anthropic:…, demo:guide or a provider of LangChain', id);
  }
}

/** The demo that answers while no model is connected ignores what the one to come may take. */
function checkDemo(asked: Asked): void {
  if (asked.id !== demoModelId) throw refused('model', `${demoModelId}, the only demo`, asked.id);
  if (!asked.isDefault) expectNone(asked, 'answers from a script');
}

/** Models of OpenAI that reason and refuse to be told how to sample: o1, o3, o4-mini, gpt-5, gpt-5-mini; gpt-5.1 and later may. */
const reasoningOnly = /^(?:o\d|gpt-5(?:$|-(?!chat)))/;

function checkOpenAi(asked: Asked): void {
  const { name } = splitModelId(asked.id);
  if (asked.isCompatible || !reasoningOnly.test(name)) return;
  for (const field of ['temperature', 'topP'] as const) expectNull(asked, field, 'reasons and takes none');
}

async function checkAnthropic({ id, parameters }: Asked): Promise<void> {
  const { temperature } = parameters;
  if (temperature !== null && temperature > 1) {
    throw refused('parameters.temperature', `a number from 0 to 1, as ${id} takes it, or null`, temperature);
  }
  const reason = (await import('./anthropic-model.ts')).whyNotTaken(splitModelId(id).name, parameters);
  const field = reason?.startsWith('temperature') ? 'temperature' : 'topP';
  if (reason) throw refused(`parameters.${field}`, `null, because ${reason}`, parameters[field]);
}

function expectNone(asked: Asked, why: string): void {
  for (const field of ['temperature', 'topP', 'maxOutputTokens'] as const) expectNull(asked, field, why);
}

function expectNull({ id, parameters }: Asked, field: keyof ModelParameters, why: string): void {
  if (parameters[field] === null) return;
  throw refused(`parameters.${field}`, `null, because ${id} ${why}`, parameters[field]);
}

function refused(field: string, expected: string, came: unknown): SwitchboardError {
  return new SwitchboardError('INVALID_INPUT', `${field}: expected ${expected}, got ${JSON.stringify(came)}`);
}
