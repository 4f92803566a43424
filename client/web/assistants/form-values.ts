import type { Assistant } from '../../../shared/assistant.ts';
import type { AssistantSettings } from '../../../shared/assistant-settings.ts';
import type { AssistantTool } from '../../../shared/tool.ts';

/** An assistant as it stands in the form: what is a number or may be absent is a text there, empty for "not said". */
export interface FormValues {
  readonly name: string;
  readonly description: string;
  readonly prompt: string;
  readonly model: string;
  readonly temperature: string;
  readonly tools: readonly AssistantTool[];
  readonly steps: string;
  readonly guideWord: string;
  /** One on each line. */
  readonly guideQuestions: string;
  readonly followUps: boolean;
}

/** What of the settings the form shows; the rest stays as it is. */
type ShownSettings = Omit<AssistantSettings, 'avatar'>;

export const noValues: FormValues = {
  name: '',
  description: '',
  prompt: '',
  model: '',
  temperature: '',
  tools: [],
  steps: '',
  guideWord: '',
  guideQuestions: '',
  followUps: false,
};

export function valuesOf(assistant: Assistant): FormValues {
  const { name, description, followUps, tools = [], guideQuestions } = assistant;
  return {
    name,
    description,
    followUps,
    tools,
    prompt: assistant.prompt ?? '',
    model: assistant.model ?? '',
    temperature: String(assistant.parameters?.temperature ?? ''),
    steps: String(assistant.limits?.steps ?? ''),
    guideWord: assistant.guideWord ?? '',
    guideQuestions: guideQuestions.join('\n'),
  };
}

/** @param before what it was made of; null for a new one */
export function settingsOf(values: FormValues, before: Assistant | null): ShownSettings {
  const { name, description, prompt, tools, followUps } = values;
  const { topP = null, maxOutputTokens = null } = before?.parameters ?? {};
  return {
    name,
    description,
    prompt,
    followUps,
    tools: [...tools],
    model: values.model || null,
    parameters: { topP, maxOutputTokens, temperature: numberOf(values.temperature) },
    limits: { steps: numberOf(values.steps) },
    guideWord: values.guideWord || null,
    guideQuestions: values.guideQuestions
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  };
}

function numberOf(text: string): number | null {
  return text.trim() === '' ? null : Number(text);
}
