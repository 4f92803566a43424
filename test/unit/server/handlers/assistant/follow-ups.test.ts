import { describe, expect, test } from 'vitest';
import { createModels } from '../../../../../server/handlers/models.ts';
import { startModelProvider } from '../../../../helpers/model-provider.ts';
import type { ProviderAnswer } from '../../../../helpers/model-provider.ts';
import { assistantHandler, handlerRun, produce } from '../handler-run.ts';
import type { Produced } from '../handler-run.ts';

interface Asked extends Produced {
  /** Calls of the model. */
  readonly calls: number;
  readonly told: string;
}

/** An answer of two words, and what the model says when it is asked for suggestions. */
async function ask(suggestions: ProviderAnswer, followUps = true): Promise<Asked> {
  const answers: ProviderAnswer[] = [['It ', 'rains.', { usage: { input: 5, output: 2 } }], suggestions];
  await using provider = await startModelProvider({ answer: ({ index }) => answers[index] ?? [] });
  const models = createModels({ openaiBaseUrl: provider.url, defaultModel: 'openai:local' });
  const produced = await produce(assistantHandler(models, { followUps }), handlerRun('What is the weather?'));
  const told = JSON.stringify(provider.requests.at(-1)?.body.messages);
  return { ...produced, calls: provider.requests.length, told };
}

const suggestionsOf = ({ events }: Produced) =>
  events.flatMap((event) => (event.type === 'part' && event.value.type === 'suggestions' ? [event.value.items] : []));

describe('follow-ups', () => {
  test('[FUP-1] are the first lines that the model suggests, without its marks, after the answer', async () => {
    const asked = await ask([
      '1. Will it',
      ' stop?\n\n- And tomorrow?\n* Why?\nToo much',
      { usage: { input: 7, output: 9 } },
    ]);
    expect(suggestionsOf(asked)).toEqual([['Will it stop?', 'And tomorrow?', 'Why?']]);
    expect(asked).toMatchObject({ text: 'It rains.', error: null });
    expect(asked.usage).toEqual({ inputTokens: 12, outputTokens: 11, source: 'reported' });
    expect(asked.told).toContain('Person: What is the weather?');
    expect(asked.told).toContain('Answer: It rains.');
  });

  test.each<[string, ProviderAnswer]>([
    ['the model refuses', { status: 400, body: { error: { message: 'no' } } }],
    ['the stream breaks', ['Will it', { end: 'close' }]],
    ['nothing is suggested', ['\n \n']],
    ['what comes is no question', ['x'.repeat(500)]],
  ])('[FUP-2] an answer is whole when %s', async (_, suggestions) => {
    const asked = await ask(suggestions);
    expect(suggestionsOf(asked)).toEqual([]);
    expect(asked).toMatchObject({ text: 'It rains.', error: null });
  });

  test('[FUP-2] are not asked for where the assistant is not set so', async () => {
    const asked = await ask(['Will it stop?'], false);
    expect(suggestionsOf(asked)).toEqual([]);
    expect(asked.calls).toBe(1);
  });
});
