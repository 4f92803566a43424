import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ChatEvent, ChatView } from '../../../shared/events.ts';
import { fold, leavesHole } from '../../../shared/fold.ts';
import { newId } from '../../../shared/new-id.ts';
import { question as newQuestion } from '../../helpers/questions.ts';
import { sampleChat, sampleMessage, sampleRun, sampleView } from '../../helpers/samples.ts';

const chat = sampleChat();
const run = sampleRun(chat);
const question = sampleMessage(chat, { role: 'user', status: 'completed', parts: [{ type: 'text', text: 'hello' }] });
const { subject: _, ...request } = newQuestion();
const answer = sampleMessage(chat, { runId: run.id, parentId: question.id });

const foldAll = (events: ChatEvent[], start: ChatView | null = null): ChatView | null =>
  events.reduce<ChatView | null>((view, event) => fold(view, event), start);
const snapshot: ChatEvent = { type: 'snapshot', ...sampleView({ chat }) };
const begin: ChatEvent[] = [
  snapshot,
  { type: 'run.queued', run },
  { type: 'message.added', message: question },
  { type: 'run.started', run: { ...run, status: 'running', messageId: answer.id } },
  { type: 'message.added', message: answer },
];
const delta = (part: number, offset: number, text: string, kind: 'text' | 'reasoning' = 'text'): ChatEvent => ({
  type: 'message.delta',
  runId: run.id,
  messageId: answer.id,
  part,
  kind,
  offset,
  text,
});
const partsOf = (view: ChatView | null) => view?.messages.at(-1)?.parts;

describe('fold', () => {
  test('[FLD-1] nothing is folded before the first snapshot, and a snapshot replaces everything', () => {
    expect(fold(null, { type: 'message.added', message: answer })).toBeNull();
    expect(foldAll([...begin, snapshot])).toEqual(sampleView({ chat }));
  });

  test('[FLD-2] a turn leaves the finished answer, no active run and no queue', () => {
    const completed = { ...answer, status: 'completed' as const, parts: [{ type: 'text' as const, text: 'Hi there' }] };
    const view = foldAll([
      ...begin,
      delta(0, 0, 'Hi'),
      delta(0, 2, ' there'),
      { type: 'message.completed', message: completed },
      { type: 'run.ended', runId: run.id, status: 'completed' },
    ]);
    expect(view).toEqual(
      sampleView({
        chat: { ...chat, leafMessageId: answer.id, updatedAt: answer.createdAt },
        messages: [question, completed],
      }),
    );
  });

  test('[FLD-3] every event folded twice in a row gives the same as once', () => {
    const events = [
      ...begin,
      delta(0, 0, 'think', 'reasoning'),
      delta(1, 0, 'Hi'),
      { type: 'run.queued', run: sampleRun(chat) } as ChatEvent,
      { type: 'run.ended', runId: run.id, status: 'stopped' } as ChatEvent,
    ];
    expect(foldAll(events.flatMap((event) => [event, event]))).toEqual(foldAll(events));
  });

  test('[FLD-4] however an answer is cut into overlapping deltas, the text is the same', () => {
    const pieces = fc.array(fc.tuple(fc.string({ minLength: 1 }), fc.nat(10)), { minLength: 1 });
    fc.assert(
      fc.property(pieces, (cuts) => {
        let text = '';
        const deltas = cuts.map(([piece, back]) => {
          const offset = Math.max(0, text.length - back);
          const overlap = text.slice(offset);
          text += piece;
          return delta(0, offset, overlap + piece);
        });
        expect(partsOf(foldAll([...begin, ...deltas]))).toEqual([{ type: 'text', text }]);
      }),
    );
  });

  test('[FLD-5] a delta that begins after the end, or in a part after the next one, is a hole and changes nothing', () => {
    const view = foldAll([...begin, delta(0, 0, 'Hi')]);
    for (const late of [delta(0, 3, 'x'), delta(2, 0, 'x'), delta(1, 1, 'x')]) {
      expect(leavesHole(view, late)).toBe(true);
      expect(fold(view, late)).toBe(view);
    }
    expect(leavesHole(view, delta(0, 2, ' you'))).toBe(false);
    expect(leavesHole(view, delta(1, 0, 'new part'))).toBe(false);
  });

  test('[FLD-6] content that comes late does not change an answer that is whole', () => {
    const completed = { ...answer, status: 'stopped' as const, parts: [{ type: 'text' as const, text: 'Hi' }] };
    const view = foldAll([...begin, { type: 'message.completed', message: completed }]);
    expect(fold(view, delta(0, 2, ' there'))?.messages.at(-1)).toEqual(completed);
  });

  test('[FLD-10] a message that is completed keeps the siblings that a snapshot gave it', () => {
    const siblings = { index: 1, ids: [question.id, answer.id] };
    const view = fold(null, {
      type: 'snapshot',
      ...sampleView({ chat, messages: [question, { ...answer, siblings }] }),
    });
    const completed = { ...answer, status: 'completed' as const, parts: [{ type: 'text' as const, text: 'Hi' }] };
    const after = fold(view, { type: 'message.completed', message: completed });
    expect(after?.messages.at(-1)).toEqual({ ...completed, siblings });
  });

  test('[FLD-10] an answer on a branch that is not shown changes nothing and leaves no hole', () => {
    const view = fold(null, { type: 'snapshot', ...sampleView({ chat, messages: [question] }) });
    const late = delta(0, 100, 'text');
    expect(leavesHole(view, late)).toBe(false);
    for (const event of [late, { type: 'message.completed', message: answer } as const])
      expect(fold(view, event)).toEqual(view);
  });

  test('[FLD-7] events of a type that this version does not know leave the view as it is', () => {
    const view = foldAll(begin);
    expect(fold(view, { type: 'message.sparkled' } as unknown as ChatEvent)).toBe(view);
  });

  test('[FLD-8] a queued run that ends before it starts leaves the queue', () => {
    const waiting = sampleRun(chat);
    const view = foldAll([...begin, { type: 'run.queued', run: waiting }]);
    expect(view?.queue).toEqual([waiting]);
    expect(fold(view, { type: 'run.ended', runId: waiting.id, status: 'stopped' })?.queue).toEqual([]);
  });

  test('[FLD-9] what follows any older place leads to the same end, wherever the view is', () => {
    const completed = { ...answer, status: 'completed' as const, parts: [{ type: 'text' as const, text: 'Hi' }] };
    const turn: ChatEvent[] = [
      ...begin,
      delta(0, 0, 'Hi'),
      { type: 'message.completed', message: completed },
      { type: 'run.ended', runId: run.id, status: 'completed' },
    ];
    for (let at = 1; at <= turn.length; at += 1) {
      // A chat is told as it is then.
      const then = { ...(foldAll(turn.slice(0, at))?.chat ?? chat), title: 'new' };
      const told = turn.toSpliced(at, 0, { type: 'chat.updated', chat: then });
      for (let reached = 1; reached <= told.length; reached += 1) {
        const view = foldAll(told.slice(0, reached));
        for (let from = 1; from <= reached; from += 1) expect(foldAll(told.slice(from), view)).toEqual(foldAll(told));
      }
    }
  });

  test('[FLD-11] a question makes its run wait, its answer or the end of its run takes it away, each once', () => {
    const input = { ...request, runId: run.id };
    const asked: ChatEvent = { type: 'input.requested', input };
    const answered: ChatEvent = { type: 'input.answered', inputId: input.id, answeredBy: 'local', value: 1 };
    const waiting = foldAll([...begin, asked]);
    expect(waiting).toMatchObject({ pendingInput: input, activeRun: { status: 'waiting' } });
    expect(fold(waiting, asked)).toEqual(waiting);
    const goesOn = fold(waiting, answered);
    expect(goesOn).toEqual(foldAll(begin));
    expect(fold(goesOn, answered)).toEqual(goesOn);
    expect(fold(waiting, { ...answered, inputId: newId() })).toEqual(waiting);
    const ended = fold(waiting, { type: 'run.ended', runId: run.id, status: 'stopped' });
    expect(ended).toMatchObject({ pendingInput: null, activeRun: null });
  });

  const started = (nodeId: string, inputs = {}): ChatEvent => ({
    type: 'node.started',
    runId: run.id,
    nodeId,
    title: nodeId,
    inputs,
  });
  const finished = (nodeId: string, fields = {}): ChatEvent => ({
    type: 'node.finished',
    runId: run.id,
    nodeId,
    title: nodeId,
    durationMs: 3,
    ...fields,
  });

  test('[FLD-12] nodes of the active run are told as they were last, in the order in which they first came', () => {
    const error = { code: 'TOOL_FAILED' as const, message: 'broken' };
    const events = [
      started('a', { n: 1 }),
      finished('a', { outputs: { x: 2 } }),
      started('b'),
      finished('b', { error }),
      started('a', { n: 2 }),
      finished('c', { branch: 'else', durationMs: 0 }),
    ];
    const view = foldAll([...begin, ...events]);
    expect(view?.nodes).toEqual([
      { nodeId: 'a', title: 'a', status: 'running', inputs: { n: 2 } },
      { nodeId: 'b', title: 'b', status: 'failed', inputs: {}, durationMs: 3, error },
      { nodeId: 'c', title: 'c', status: 'finished', branch: 'else', durationMs: 0 },
    ]);
    expect(foldAll([...begin, ...events.flatMap((event) => [event, event])])).toEqual(view);
    for (let from = 0; from < events.length; from += 1) expect(foldAll(events.slice(from), view)).toEqual(view);
    expect(foldAll([...begin, ...events.slice(0, 2)])?.nodes).toEqual([
      { nodeId: 'a', title: 'a', status: 'finished', durationMs: 3, inputs: { n: 1 }, outputs: { x: 2 } },
    ]);
  });

  test('[FLD-12] nodes go with their run, and those of another one change nothing', () => {
    const view = foldAll([...begin, started('a')]);
    const ended = fold(view, { type: 'run.ended', runId: run.id, status: 'stopped' });
    expect(ended).not.toHaveProperty('nodes');
    expect(fold(ended, finished('a'))).toEqual(ended);
    expect(fold(view, { ...finished('a'), runId: newId() } as ChatEvent)).toEqual(view);
    expect(fold(view, { type: 'run.ended', runId: newId(), status: 'stopped' })).toEqual(view);
    const next = { ...sampleRun(chat), status: 'running' as const };
    expect(fold(view, { type: 'run.started', run: next })).not.toHaveProperty('nodes');
  });
});
