import { afterEach, describe, expect, test, vi } from 'vitest';
import { DemoModel } from '../../../../server/handlers/demo-model.ts';
import { withFiles, withTextFiles } from '../../../../server/handlers/attached-files.ts';
import { promptMessages } from '../../../../server/handlers/assistant/prompt-messages.ts';
import { createModels } from '../../../../server/handlers/models.ts';
import type { ModelSettings } from '../../../../server/handlers/models.ts';
import { memoryCheckpoints } from '../../../helpers/memory-checkpoints.ts';
import { checkDefinition, workflowExecutors } from '../../../helpers/workflows.ts';
import { createWorkflowHandler } from '../../../../server/handlers/workflow/workflow-handler.ts';
import { SwitchboardError } from '../../../../shared/errors.ts';
import { limits } from '../../../../shared/limits.ts';
import type { FilePart, Message } from '../../../../shared/message.ts';
import { newId } from '../../../../shared/new-id.ts';
import { images } from '../../../helpers/images.ts';
import { startModelProvider } from '../../../helpers/model-provider.ts';
import type { ModelProvider } from '../../../helpers/model-provider.ts';
import { sampleChat, sampleMessage } from '../../../helpers/samples.ts';
import { assistantHandler, codeOf, handlerRun, produce } from './handler-run.ts';

const png = images['image/png'];
const dataOf = (bytes: Buffer) => bytes.toString('base64');

/** Files by name, and what reads them. */
function shelf(files: Readonly<Record<string, Uint8Array | string>>) {
  const read: string[] = [];
  const part = (name: string, size?: number): FilePart => ({
    type: 'file',
    fileId: name,
    name,
    mediaType: name.endsWith('.png') ? 'image/png' : 'text/plain',
    size: size ?? Buffer.from(files[name] ?? '').length,
  });
  const readFile = async (fileId: string): Promise<Uint8Array> => {
    read.push(fileId);
    const file = files[fileId];
    if (file === undefined) throw new SwitchboardError('NOT_FOUND', 'There is no such file.');
    return Buffer.from(file);
  };
  return { read, part, readFile };
}

const chat = sampleChat();
const said = (text: string, ...files: FilePart[]): Message =>
  sampleMessage(chat, {
    role: 'user',
    status: 'completed',
    parts: [...(text === '' ? [] : [{ type: 'text' as const, text }]), ...files],
  });
const answered = (text: string): Message =>
  sampleMessage(chat, { status: 'completed', parts: [{ type: 'text', text }] });

/** Tokens that files of earlier messages may take. */
const earlierTokens = 16_000;

const seeing = { id: 'openai:seeing', model: new DemoModel({}), inputTokens: 2 * earlierTokens, images: true };
const blind = { id: 'openai:blind', model: new DemoModel({}), inputTokens: 2 * earlierTokens };

afterEach(() => vi.unstubAllEnvs());

type Provider = readonly [name: string, settings: (provider: ModelProvider) => ModelSettings];
const providers: readonly Provider[] = [
  [
    'an OpenAI-compatible server',
    ({ url }) => ({ openaiBaseUrl: url, defaultModel: 'openai:eye', imageModels: ['openai:eye'] }),
  ],
  ['Anthropic', () => ({ anthropicApiKey: 'sk-ant-test', defaultModel: 'anthropic:claude-sonnet-4-5' })],
];

describe.each(providers)('files that are told to %s', (name, settingsOf) => {
  const ask = async (run: ReturnType<typeof handlerRun>) => {
    await using provider = await startModelProvider({ answer: () => ['Nice.'] });
    vi.stubEnv('ANTHROPIC_BASE_URL', provider.anthropicUrl);
    const produced = await produce(assistantHandler(createModels(settingsOf(provider))), run);
    return { produced, requests: [...provider.requests] };
  };
  const imageIn = (bytes: Buffer) =>
    name === 'Anthropic'
      ? { type: 'image', source: { type: 'base64', media_type: 'image/png', data: dataOf(bytes) } }
      : { type: 'image_url', image_url: { url: `data:image/png;base64,${dataOf(bytes)}` } };

  test('[FIL-10] the request has the image beside the words, and the images of earlier messages', async () => {
    const { part, readFile } = shelf({ 'cat.png': png, 'dog.png': Buffer.concat([png, png]) });
    const history = [said('a dog', part('dog.png')), answered('Good dog.')];
    const { produced, requests } = await ask({
      ...handlerRun('and this?', history),
      attachments: [part('cat.png')],
      readFile,
    });
    expect(produced).toMatchObject({ error: null, text: 'Nice.' });
    const messages = requests[0]?.body.messages.filter(({ role }) => role !== 'system') ?? [];
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
    expect(messages[0]?.content).toEqual([{ type: 'text', text: 'a dog' }, imageIn(Buffer.concat([png, png]))]);
    expect(messages[2]?.content).toEqual([{ type: 'text', text: 'and this?' }, imageIn(png)]);
  });

  test('[FIL-10] a message of an image alone is one, and text files are words', async () => {
    const { part, readFile } = shelf({ 'cat.png': png, 'a.txt': 'first\n```\nlast' });
    const attachments = [part('cat.png'), part('a.txt')];
    const { produced, requests } = await ask({ ...handlerRun(''), attachments, readFile });
    expect(produced.error).toBeNull();
    const text = 'File "a.txt" (text/plain):\n````\nfirst\n```\nlast\n````';
    expect(requests[0]?.body.messages.at(-1)?.content).toEqual([{ type: 'text', text }, imageIn(png)]);
  });
});

describe('the files of a message', () => {
  test('[FIL-11] an image fails the run of a model that takes none, naming model and fix, before anything is asked', async () => {
    await using provider = await startModelProvider();
    const { part, readFile, read } = shelf({ 'cat.png': png });
    const models = createModels({ openaiBaseUrl: provider.url, defaultModel: 'openai:blind' });
    const run = { ...handlerRun('look'), attachments: [part('cat.png')], readFile };
    const { error } = await produce(assistantHandler(models), run);
    expect(codeOf(error)).toBe('MODEL_BAD_REQUEST');
    expect(String(error)).toMatch(/openai:blind takes no images, .*"cat\.png".*IMAGE_MODELS/);
    expect([provider.requests.length, read]).toEqual([0, []]);
    // Of an earlier message it is told by its name.
    const later = await produce(assistantHandler(models), {
      ...handlerRun('so?', [said('', part('cat.png'))]),
      readFile,
    });
    expect(later.error).toBeNull();
    expect(provider.requests[0]?.text).toBe('[image "cat.png", not shown here]\n\nso?');
  });

  test('[FIL-11] which models take images is said by the list as well', async () => {
    const settings = { openaiBaseUrl: 'http://127.0.0.1:9/v1', imageModels: ['openai:eye'] };
    const listed = (defaultModel: string) =>
      createModels({ ...settings, defaultModel })
        .list()
        .map(({ id, images }) => [id, images]);
    expect(listed('openai:eye')).toEqual([
      ['openai:eye', true],
      ['demo:guide', false],
    ]);
    expect(listed('openai:blind')).toEqual([
      ['openai:blind', false],
      ['demo:guide', false],
    ]);
    const anthropic = createModels({ anthropicApiKey: 'x', defaultModel: 'anthropic:claude-sonnet-4-5' });
    expect((await anthropic.resolve(null, { temperature: null, topP: null, maxOutputTokens: null })).images).toBe(true);
  });

  test('[FIL-12] text past the limit is cut with a mark, of all files together, and what is gone fails the run', async () => {
    const long = 'x'.repeat(limits.fileText - 10);
    const { part, readFile } = shelf({ 'long.txt': long, 'next.txt': 'y'.repeat(50), 'none.txt': 'z' });
    const attachments = ['long.txt', 'next.txt', 'none.txt'].map((name) => part(name));
    const text = await withTextFiles({ text: 'read', attachments, readFile });
    expect(text).toContain(`\`\`\`\n${long}\n\`\`\``);
    expect(text).toContain(`${'y'.repeat(10)}\n\`\`\`\n[cut: the first 10 of 50 characters]`);
    expect(text).toContain('[cut: the first 0 of 1 characters]');
    const gone = withTextFiles({ text: '', attachments: [part('gone.txt')], readFile });
    await expect(gone).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('[FIL-12] more images than a request holds are CONTEXT_TOO_LONG', async () => {
    const { part, readFile, read } = shelf({});
    const attachments = [1, 2, 3].map((index) => part(`${index}.png`, limits.requestImageBytes / 2));
    const asked = withFiles({ text: 'look', attachments, readFile }, seeing, []);
    await expect(asked).rejects.toMatchObject({ code: 'CONTEXT_TOO_LONG' });
    expect(read).toEqual([]);
  });

  test('[FIL-13] of earlier messages the newest files are told as far as there is room, the others by their names', async () => {
    const units = earlierTokens * 4;
    const { part, readFile, read } = shelf({
      'old.txt': 'old',
      'mid.txt': 'm'.repeat(units),
      'new.txt': 'n'.repeat(100),
    });
    const history = [
      said('1', part('old.txt')),
      said('2', part('mid.txt'), part('gone.txt')),
      said('3', part('new.txt')),
    ];
    const told = await withFiles({ text: 'so?', attachments: [], readFile }, blind, history);
    expect(read).toEqual(['new.txt', 'mid.txt']);
    const texts = told.history.map(({ parts }) => (parts[0]?.type === 'text' ? parts[0].text : ''));
    expect(texts[0]).toBe('1\n\n[file "old.txt", not shown here]');
    expect(texts[1]).toMatch(/\[cut: the first 63900 of 64000 characters\]\n\n\[file "gone\.txt", not shown here\]$/);
    expect(texts[2]).toContain('n'.repeat(100));
  });

  test('[FIL-13] of earlier images as many are shown again as the history has room for, the newest', async () => {
    const names = Array.from({ length: 14 }, (_, index) => `${index}.png`);
    const { part, readFile, read } = shelf(Object.fromEntries(names.map((name) => [name, png])));
    const history = names.flatMap((name) => [said(`this is ${name}`, part(name)), answered('ok')]);
    const most = Math.floor(earlierTokens / limits.imageTokens);
    const told = await withFiles({ text: 'so?', attachments: [], readFile }, seeing, history);
    expect(read).toEqual(names.slice(-most).toReversed());
    expect(told.history[0]?.parts[0]).toEqual({
      type: 'text',
      text: 'this is 0.png\n\n[image "0.png", not shown here]',
    });
    const prompt = promptMessages({ prompt: '', historyTokens: earlierTokens, ...told });
    const shown = prompt.filter(({ content }) => typeof content !== 'string');
    expect(shown.length).toBeGreaterThan(0);
    expect(shown.length).toBeLessThan(most);
    expect(prompt.at(-1)?.text).toBe('so?');
    // One that was deleted since is left out.
    const gone = await withFiles({ text: 'so?', attachments: [], readFile }, seeing, [said('x', part('gone.png', 3))]);
    expect(gone.earlierImages.size).toBe(0);
  });

  test('[FIL-14] a workflow begins with what text files say, and refuses images', async () => {
    const definition = {
      nodes: [
        { id: 'start', title: 'Start', type: 'start' },
        { id: 'out', title: 'Out', type: 'output', text: 'You said: {{start.message}}' },
        { id: 'end', title: 'End', type: 'end' },
      ],
      edges: [
        { from: 'start', to: 'out' },
        { from: 'out', to: 'end' },
      ],
    };
    const handler = createWorkflowHandler({
      load: async () => ({
        id: newId<never>(),
        version: 1,
        definition: checkDefinition('', definition),
        ownerId: null,
        status: 'published',
      }),
      executors: workflowExecutors(createModels({})),
      checkpoints: memoryCheckpoints(),
      inspects: async () => false,
    });
    const { part, readFile } = shelf({ 'a.txt': 'words', 'cat.png': png });
    const run = { ...handlerRun('hi', [], 'workflow'), readFile };
    const { text, error } = await produce(handler, { ...run, attachments: [part('a.txt')] });
    expect([error, text]).toEqual([null, 'You said: hi\n\nFile "a.txt" (text/plain):\n```\nwords\n```']);
    const refused = await produce(handler, { ...run, attachments: [part('cat.png')] });
    expect(codeOf(refused.error)).toBe('MODEL_BAD_REQUEST');
    expect(String(refused.error)).toContain('"cat.png"');
  });
});
