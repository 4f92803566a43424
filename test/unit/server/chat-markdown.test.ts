import { describe, expect, test } from 'vitest';
import { chatAsMarkdown } from '../../../server/chat-markdown.ts';
import type { Part } from '../../../shared/message.ts';
import { sampleChat, sampleMessage } from '../../helpers/samples.ts';

const chat = sampleChat({ title: 'A chat' });
const told = (part: Part) => chatAsMarkdown(chat, [sampleMessage(chat, { status: 'completed', parts: [part] })]);

describe('a chat as Markdown', () => {
  test('[EXP-2] the fence of a block is longer than any in its text', () => {
    const tool = { type: 'tool', toolCallId: '1', name: 'run', state: 'done' } as const;
    expect(told({ ...tool, input: { a: 1 }, output: 'x\n````\n# not a heading' })).toContain(
      '**run** (done)\n\n```\n{\n  "a": 1\n}\n```\n\n`````\nx\n````\n# not a heading\n`````',
    );
  });

  test('[EXP-2] reasoning is quoted line by line', () => {
    expect(told({ type: 'reasoning', text: 'one\n# two' })).toContain('> one\n> # two');
  });

  test('[EXP-1] tells files, sources, questions and how an answer ended', () => {
    expect(told({ type: 'file', fileId: '1', name: 'a.png', mediaType: 'image/png', size: 3 })).toContain(
      '[File: a.png, image/png, 3 bytes]',
    );
    expect(told({ type: 'source', title: 'Site', url: 'https://example.com/a b' })).toContain(
      '[Source: Site](<https://example.com/a b>)',
    );
    const stopped = sampleMessage(chat, { status: 'stopped', parts: [{ type: 'text', text: 'half' }] });
    expect(chatAsMarkdown(chat, [stopped])).toContain('## Answer\n\nhalf\n\n_This answer was stopped._');
  });
});
