import { HumanMessage } from '@langchain/core/messages';
import { describe, expect, test } from 'vitest';
import { DemoModel } from '../../../../server/handlers/demo-model.ts';
import { demoScript } from '../../../../server/handlers/demo-script.ts';
import { createModels } from '../../../../server/handlers/models.ts';
import { assistantHandler, handlerRun, produce } from './handler-run.ts';

function ask(text: string, wordMs = 0, signal?: AbortSignal) {
  return produce(assistantHandler(createModels({ demoWordMs: wordMs })), handlerRun(text), signal);
}

describe('the demo', () => {
  test('[DEM-1] says first that it is a demo and not a language model', async () => {
    const { text, error } = await ask('hello');
    expect(error).toBeNull();
    expect(text.split('\n')[0]).toMatch(/built-in demo of Switchboard, not a language model/);
  });

  test('[DEM-1] says how to connect a real model', async () => {
    const { text } = await ask('hello');
    const needed = [
      'OPENAI_API_KEY',
      'ANTHROPIC_API_KEY',
      'OPENAI_BASE_URL',
      'DEFAULT_MODEL',
      'Ollama',
      'vLLM',
      'LM Studio',
    ];
    for (const word of needed) expect(text).toContain(word);
    expect(text).toMatch(/start the server again/);
    expect(text).toContain('```sh\nexport OPENAI_BASE_URL=');
  });

  test('[DEM-2] quotes what the person wrote, on one line', async () => {
    expect((await ask('two\n\nlines   here ')).text).toContain('\n> two lines here\n');
  });

  test('[DEM-2] shortens a long text, never inside a character', () => {
    const quote = demoScript(`${'x'.repeat(279)}🙂${'y'.repeat(1_000)}`)
      .split('\n')
      .find((line) => line.startsWith('> '));
    expect(quote).toBe(`> ${'x'.repeat(279)}…`);
  });

  test('[DEM-3] streams word by word, and the words are the whole script', async () => {
    const { events, text } = await ask('hello');
    const words = events.filter((event) => event.type === 'text');
    expect(text).toBe(demoScript('hello'));
    expect(words.length).toBe(text.split(/\s+/).length);
  });

  test('[DEM-3] waits between two words as long as it was told', async () => {
    const begin = performance.now();
    let words = 0;
    for await (const chunk of new DemoModel({ wordMs: 20 })._streamResponseChunks([new HumanMessage('hello')], {})) {
      if (chunk.text !== '' && (words += 1) === 5) break;
    }
    // A timer may fire a millisecond early.
    expect(performance.now() - begin).toBeGreaterThanOrEqual(5 * 19);
  });

  test('[DEM-3] stops at once in the middle of a pause', async () => {
    const stop = new AbortController();
    const chunks = new DemoModel({ wordMs: 60_000 })._streamResponseChunks([new HumanMessage('hello')], {
      signal: stop.signal,
    });
    const first = chunks.next();
    stop.abort(new Error('stopped'));
    await expect(first).rejects.toThrow('stopped');
  });

  test('[DEM-4] ends like a real model: with usage, and complete', async () => {
    const { events, text, usage } = await ask('hello');
    expect(events[0]).toEqual({ type: 'model', model: 'demo:guide' });
    expect(usage).toEqual({ inputTokens: 6, outputTokens: Math.ceil(text.length / 4), source: 'reported' });
  });

  test('[DEM-4] answers a call without streaming as well', async () => {
    const message = await new DemoModel({ wordMs: 0 }).invoke([new HumanMessage('hello')]);
    expect(message.text).toBe(demoScript('hello'));
  });
});
