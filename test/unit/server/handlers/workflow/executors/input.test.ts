import { describe, expect, test } from 'vitest';
import type { InputAnswer } from '../../../../../../db/store.ts';
import { input } from '../../../../../../server/handlers/workflow/executors/input.ts';
import { answerSchemas } from '../../../../../../server/answer-schemas.ts';
import { fileFieldsOf } from '../../../../../../shared/file-field.ts';
import { limits } from '../../../../../../shared/limits.ts';
import type { FilePart } from '../../../../../../shared/message.ts';
import { newId } from '../../../../../../shared/new-id.ts';
import type { WorkflowNodeOf } from '../../../../../../shared/workflow-node.ts';
import { nodeContext, questionIn, worked } from '../node-context.ts';

const form: WorkflowNodeOf<'input'> = {
  id: 'ask',
  title: 'Ask',
  type: 'input',
  mode: 'form',
  prompt: 'Papers?',
  fields: [
    { key: 'papers', label: 'Papers', type: 'files' },
    { key: 'more', label: 'More', type: 'files', required: false },
    { key: 'note', label: 'Note', type: 'text', required: false },
  ],
};

const part = (name: string, mediaType = 'text/plain'): FilePart => ({
  type: 'file',
  fileId: newId(),
  name,
  mediaType,
  size: 7,
});

/** What the form makes of an answer, when its files say this. */
async function answered(value: object, files: InputAnswer['files'], says: Readonly<Record<string, string>>) {
  const { events } = await worked(input, form);
  const question = questionIn(events);
  const [asked] = events;
  if (asked?.type !== 'part') throw new Error('expected the question as a part');
  const answer: InputAnswer = {
    inputId: question.id,
    kind: 'form',
    subject: undefined,
    value,
    ...(files && { files }),
    answeredBy: 'ann',
    expired: false,
  };
  const read: string[] = [];
  const readFile = async (fileId: string) => {
    read.push(fileId);
    return new TextEncoder().encode(says[fileId]);
  };
  const context = nodeContext();
  const resumed = { parts: [asked.value], answers: [answer] };
  const made = await worked(input, form, { run: { ...context.run, readFile }, resumed });
  return { ...made, read };
}

describe('a form with a field for files', () => {
  test('[WFQ-5] says so in its schema, which takes each id once, so many and no fewer than asked for', async () => {
    const { schema } = questionIn((await worked(input, form)).events);
    expect(fileFieldsOf(schema)).toEqual(['papers', 'more']);
    const takes = (value: object) => answerSchemas.expectAnswer(schema, value);
    const [one, other] = [newId(), newId()];
    expect(() => takes({ papers: [one, other] })).not.toThrow();
    expect(() => takes({ papers: [one], more: [] })).not.toThrow();
    const many = Array.from({ length: limits.filesPerMessage + 1 }, () => newId());
    for (const papers of [[], [one, one], many, one, [7]])
      expect(() => takes({ papers })).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
    expect(() => takes({ papers: [] })).toThrow(/^value\.papers: /);
  });

  test('[WFQ-6] makes a list of them with what those of text say, each read once; the part has their names', async () => {
    const [notes, cat] = [part('notes.txt'), part('cat.png', 'image/png')];
    const value = { papers: [notes.fileId, cat.fileId], more: [notes.fileId], note: 'see' };
    const files = { papers: [notes, cat], more: [notes] };
    const { events, read, result } = await answered(value, files, { [notes.fileId]: 'milk, tea' });
    const told = { fileId: notes.fileId, name: 'notes.txt', mediaType: 'text/plain', size: 7, text: 'milk, tea' };
    expect(result.outputs).toEqual({
      papers: [told, { fileId: cat.fileId, name: 'cat.png', mediaType: 'image/png', size: 7 }],
      more: [told],
      note: 'see',
    });
    expect(read).toEqual([notes.fileId]);
    expect(events).toMatchObject([{ type: 'part', value: { answer: { ...files, note: 'see' }, answeredBy: 'ann' } }]);
  });

  test('[WFQ-6] tells up to `fileText` of all fields together, and nothing of one that was left empty', async () => {
    const [long, next] = [part('long.txt'), part('next.txt')];
    const says = { [long.fileId]: 'x'.repeat(limits.fileText - 10), [next.fileId]: 'y'.repeat(50) };
    const files = { papers: [long], more: [next] };
    const { result } = await answered({ papers: [long.fileId], more: [next.fileId] }, files, says);
    expect(result.outputs['more']).toMatchObject([{ text: `${'y'.repeat(10)}\n[cut: the first 10 of 50 characters]` }]);
    const empty = await answered({ papers: [long.fileId], more: [] }, { papers: [long] }, says);
    expect(empty.result.outputs).toMatchObject({ more: [], note: null });
  });
});
