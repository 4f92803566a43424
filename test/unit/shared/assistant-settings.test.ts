import { describe, expect, test } from 'vitest';
import { NewAssistantSettings } from '../../../shared/assistant-settings.ts';
import { UpdateAssistant } from '../../../shared/inputs.ts';
import { limits } from '../../../shared/limits.ts';
import { newId } from '../../../shared/new-id.ts';

const name = 'Helper';

/** The fields that are refused. */
function refused(settings: Readonly<Record<string, unknown>>): string[] {
  const { error } = NewAssistantSettings.safeParse({ name, ...settings });
  return (error?.issues ?? []).map((issue) => ('keys' in issue ? issue.keys.join() : issue.path.join('.')));
}

describe('the settings of an assistant', () => {
  test('[APP-7] a name is enough', () => {
    expect(NewAssistantSettings.parse({ name })).toEqual({
      name,
      description: '',
      avatar: null,
      prompt: '',
      model: null,
      parameters: { temperature: null, topP: null, maxOutputTokens: null },
      tools: [],
      limits: { steps: null },
      guideWord: null,
      guideQuestions: [],
      followUps: false,
    });
  });

  test.for<[string, unknown]>([
    ['name', ' '],
    ['name', 'x'.repeat(limits.assistantName + 1)],
    ['description', 'x'.repeat(limits.assistantDescription + 1)],
    ['prompt', 'x'.repeat(limits.assistantPrompt + 1)],
    ['avatar', 'AB'],
    ['avatar', '🦜🦜'],
    ['avatar', 'http://a.example/x.png'],
    ['avatar', 'javascript:alert(1)'],
    ['avatar', 'https://user:secret@a.example/x.png'],
    ['avatar', `https://a.example/${'x'.repeat(limits.avatar)}`],
    ['model', 'gpt-5'],
    ['parameters', 5],
    ['guideWord', 'x'.repeat(limits.guideWord + 1)],
    ['guideQuestions', Array.from({ length: limits.guideQuestions + 1 }, () => 'x')],
    ['guideQuestions.0', 'x'.repeat(limits.guideQuestion + 1)],
    ['tools', Array.from({ length: limits.assistantTools + 1 }, (_, index) => ({ name: `t${index}` }))],
    ['tools', [{ name: 'same' }, { name: 'same' }]],
    ['tools.0.name', 'a tool'],
    ['limits.steps', limits.toolSteps + 1],
    ['limits.steps', 0],
    ['parameters.temperature', 2.1],
    ['parameters.topP', -0.1],
    ['parameters.maxOutputTokens', 1.5],
    ['parameters.maxOutputTokens', limits.outputTokens + 1],
    ['top_p', 1],
  ])('[APP-7] refuse %s %j by its name', ([field, value]) => {
    const [first = '', second, third] = field.split('.');
    const inner = third === undefined ? value : { [third]: value };
    const isList = second === '0';
    const whole = second === undefined ? value : isList ? [inner] : { [second]: value };
    expect(refused({ [first]: whole })).toEqual([field]);
  });

  test('[APP-7] a parameter that nobody knows is refused, not dropped', () => {
    expect(refused({ parameters: { temprature: 1 } })).toEqual(['temprature']);
    expect(refused({ tools: [{ name: 'x', approved: true }] })).toEqual(['approved']);
  });

  test.for(['🦜', '👨‍👩‍👧‍👦', '🇫🇷', 'https://a.example/face.png'])('[APP-7] %s is an avatar', (avatar) => {
    expect(refused({ avatar })).toEqual([]);
  });

  test('[APP-7] all text is cleaned', () => {
    const dirty = 'a\0b\uD800';
    const settings = { name: dirty, description: dirty, prompt: dirty, guideWord: dirty, guideQuestions: [dirty] };
    const clean = 'a\uFFFDb\uFFFD';
    expect(NewAssistantSettings.parse(settings)).toMatchObject({
      name: clean,
      description: clean,
      prompt: clean,
      guideWord: clean,
      guideQuestions: [clean],
    });
  });

  test('[APP-3] an update has what was said and nothing else', () => {
    const assistantId = newId();
    expect(UpdateAssistant.parse({ assistantId, prompt: 'x' })).toEqual({ assistantId, prompt: 'x' });
    expect(UpdateAssistant.parse({ assistantId, parameters: { topP: 1 } }).parameters).toEqual({
      temperature: null,
      topP: 1,
      maxOutputTokens: null,
    });
  });
});
