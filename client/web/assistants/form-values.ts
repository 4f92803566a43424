import type { Assistant } from '../../../shared/assistant.ts';
import type { AssistantSettings } from '../../../shared/assistant-settings.ts';
import type { AssistantTool } from '../../../shared/tool.ts';

/** An assistant as it stands in the form: what is a number or may be absent is a text there, empty for "not said". */
export interface FormValues {
  readonly name: string;
  readonly description: string;
  readonly avatar: string;
  readonly prompt: string;
  readonly model: string;
  readonly temperature: string;
  readonly topP: string;
  readonly maxOutputTokens: string;
  readonly tools: readonly AssistantTool[];
  readonly steps: string;
  readonly guideWord: string;
  /** One on each line. */
  readonly guideQuestions: string;
  readonly followUps: boolean;
}

export const noValues: FormValues = {
  name: '',
  description: '',
  avatar: '',
  prompt: '',
  model: '',
  temperature: '',
  topP: '',
  maxOutputTokens: '',
  tools: [],
  steps: '',
  guideWord: '',
  guideQuestions: '',
  followUps: false,
};

export function valuesOf(assistant: Assistant): FormValues {
  const { name, description, followUps, parameters, tools = [], guideQuestions } = assistant;
  return {
    name,
    description,
    followUps,
    tools,
    avatar: assistant.avatar ?? '',
    prompt: assistant.prompt ?? '',
    model: assistant.model ?? '',
    temperature: String(parameters?.temperature ?? ''),
    topP: String(parameters?.topP ?? ''),
    maxOutputTokens: String(parameters?.maxOutputTokens ?? ''),
    steps: String(assistant.limits?.steps ?? ''),
    guideWord: assistant.guideWord ?? '',
    guideQuestions: guideQuestions.join('\n'),
  };
}

export function settingsOf(values: FormValues): AssistantSettings {
  const { name, description, prompt, tools, followUps } = values;
  return {
    name,
    description,
    prompt,
    followUps,
    tools: [...tools],
    avatar: values.avatar.trim() || null,
    model: values.model || null,
    parameters: {
      temperature: numberOf(values.temperature),
      topP: numberOf(values.topP),
      maxOutputTokens: numberOf(values.maxOutputTokens),
    },
    limits: { steps: numberOf(values.steps) },
    guideWord: values.guideWord || null,
    guideQuestions: values.guideQuestions
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  };
}

const numbers = ['temperature', 'topP', 'maxOutputTokens', 'steps'] as const;

/** Fields in which a number is wanted and something else stands: what is sent could not say so. */
export function wrongNumbers(values: FormValues): readonly (typeof numbers)[number][] {
  return numbers.filter((name) => Number.isNaN(numberOf(values[name])));
}

function numberOf(text: string): number | null {
  return text.trim() === '' ? null : Number(text);
}
