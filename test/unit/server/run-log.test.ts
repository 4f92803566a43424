import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ChatView } from '../../../shared/events.ts';
import { fold } from '../../../shared/fold.ts';
import type { MessageId, RunId } from '../../../shared/ids.ts';
import { limits } from '../../../shared/limits.ts';
import { newId } from '../../../shared/new-id.ts';
import type { Part } from '../../../shared/message.ts';
import { RunLog } from '../../../server/run-log.ts';
import { sampleChat, sampleMessage, sampleView } from '../../helpers/samples.ts';

const runId = newId<RunId>();
const messageId = newId<MessageId>();
const newLog = (onAppend = () => {}) => new RunLog({ runId, messageId }, onAppend);

const chat = sampleChat();
const empty = sampleView({ chat, messages: [sampleMessage(chat, { id: messageId, runId })] });

/** Reads to the end from a place, in frames of at most `cap`, folding as a client does. */
function follow(
  log: RunLog,
  after: number,
  view: ChatView | null,
  cap?: number,
): { view: ChatView | null; seq: number } {
  let seq = after;
  for (let step = log.next(seq, cap); step; step = log.next(seq, cap)) {
    view = fold(view, step.event);
    seq = step.seq;
  }
  return { view, seq };
}

const source: Part = { type: 'source', title: 'A page' };
const appends = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constantFrom('text', 'reasoning'), text: fc.string({ minLength: 1, unit: 'grapheme' }) }),
    fc.record({ key: fc.constantFrom('a', 'b') }),
    fc.constant('node' as const),
  ),
);

function fill(log: RunLog, list: typeof appends extends fc.Arbitrary<infer List> ? List : never): void {
  for (const item of list) {
    if (item === 'node') log.append({ type: 'node.started', runId, nodeId: 'n', title: 'N' });
    else if ('key' in item) log.setPart(item.key, source);
    else log.appendText(item.kind, item.text);
  }
}

describe('run log', () => {
  test('[LOG-1] a reader at any place gets exactly what follows, in one piece where it can be', () => {
    const log = newLog();
    for (const token of ['Hel', 'lo', ' wor', 'ld']) log.appendText('text', token);
    expect(log.next(0)?.event).toMatchObject({ part: 0, offset: 0, text: 'Hello world' });
    expect(log.next(4)).toEqual({
      seq: 11,
      event: { type: 'message.delta', runId, messageId, part: 0, kind: 'text', offset: 4, text: 'o world' },
    });
    expect(log.next(11)).toBeNull();
  });

  test('[LOG-2] reasoning and text are parts of their own; the same kind goes on in its part', () => {
    const log = newLog();
    log.appendText('reasoning', 'hm');
    log.appendText('text', 'yes');
    log.append({ type: 'node.started', runId, nodeId: 'n', title: 'N' });
    log.appendText('text', ', sir');
    expect(log.parts()).toEqual([
      { type: 'reasoning', text: 'hm' },
      { type: 'text', text: 'yes, sir' },
    ]);
  });

  test('[LOG-3] whatever is appended, readers that begin anywhere and stop anywhere fold to the parts of the log', () => {
    fc.assert(
      fc.property(appends, appends, fc.integer({ min: 2, max: 50 }), (first, second, cap) => {
        const log = newLog();
        fill(log, first);
        const half = follow(log, 0, empty, cap);
        expect(half.view?.messages[0]?.parts).toEqual(log.parts());
        fill(log, second);
        const whole = follow(log, half.seq, half.view, cap);
        expect(whole.view?.messages[0]?.parts).toEqual(log.parts());
        expect(whole.seq).toBe(log.end);
      }),
    );
  });

  test('[LOG-4] a frame has no more text than the cap and never ends inside a pair', () => {
    const log = newLog();
    log.appendText('text', '😀'.repeat(50));
    for (let seq = 0; seq < log.end;) {
      const step = log.next(seq, 7);
      if (step?.event.type !== 'message.delta') throw new Error('expected a delta');
      expect(step.event.text.length).toBe(Math.min(6, log.end - seq));
      expect(step.event.text.isWellFormed()).toBe(true);
      seq = step.seq;
    }
  });

  test('[LOG-5] a long answer is found in from any place, and each append is told once', () => {
    let told = 0;
    const log = newLog(() => (told += 1));
    const text = Array.from({ length: 20_000 }, (_, index) => `${index} `).join('');
    for (let at = 0; at < text.length; at += 5) log.appendText('text', text.slice(at, at + 5));
    expect(told).toBe(Math.ceil(text.length / 5));
    for (const place of [0, 1, 4_095, 4_096, 50_000, text.length - 1]) {
      expect(log.next(place, 10)?.event).toMatchObject({ offset: place, text: text.slice(place, place + 10) });
    }
  });

  test('[LOG-6] a part that is set again keeps its place', () => {
    const log = newLog();
    log.setPart('call', { type: 'tool', toolCallId: 'call', name: 'clock', input: {}, state: 'running' });
    log.appendText('text', 'It is noon.');
    log.setPart('call', { type: 'tool', toolCallId: 'call', name: 'clock', input: {}, state: 'done', output: 12 });
    log.appendText('text', ' Really.');
    expect(log.parts()).toEqual([
      { type: 'tool', toolCallId: 'call', name: 'clock', input: {}, state: 'done', output: 12 },
      { type: 'text', text: 'It is noon. Really.' },
    ]);
  });

  test('[LOG-7] a log that begins with parts goes on in them, with places from 0', () => {
    const tool: Part = { type: 'tool', toolCallId: 'c1', name: 'search', input: {}, state: 'running' };
    const before: Part[] = [tool, { type: 'text', text: 'so far ' }];
    const log = new RunLog({ runId, messageId }, () => {}, before);
    expect([log.end, log.textLength, log.textBefore]).toEqual([0, 7, 7]);
    expect(log.parts()).toEqual(before);
    log.appendText('text', 'and on');
    const done: Part = { ...tool, state: 'done', output: 1 };
    log.setPart('c1', done);
    log.appendText('text', '!');
    log.appendText('reasoning', 'hm');
    expect(log.next(0)).toMatchObject({ seq: 6, event: { part: 1, offset: 7, text: 'and on' } });
    const parts: Part[] = [done, { type: 'text', text: 'so far and on!' }, { type: 'reasoning', text: 'hm' }];
    expect(log.parts()).toEqual(parts);
    const began = sampleView({ chat, messages: [sampleMessage(chat, { id: messageId, runId, parts: before })] });
    expect(follow(log, 0, began).view?.messages[0]?.parts).toEqual(parts);
  });

  test('[LOG-8] a snapshot has the values of the nodes that were told last, and every state', () => {
    const log = newLog();
    expect(log.nodes()).toBeUndefined();
    const values = { text: 'x'.repeat(limits.snapshotValues / 2 - 100) };
    for (const nodeId of ['a', 'b', 'c'])
      log.append({ type: 'node.finished', runId, nodeId, title: nodeId, durationMs: 1, outputs: values });
    log.append({ type: 'node.started', runId, nodeId: 'd', title: 'd' });
    expect(log.nodes()).toEqual([
      { nodeId: 'a', title: 'a', status: 'finished', durationMs: 1 },
      { nodeId: 'b', title: 'b', status: 'finished', durationMs: 1, outputs: values },
      { nodeId: 'c', title: 'c', status: 'finished', durationMs: 1, outputs: values },
      { nodeId: 'd', title: 'd', status: 'running' },
    ]);
    const goesOn = new RunLog({ runId, messageId }, () => {}, [], log.nodes());
    goesOn.append({ type: 'node.finished', runId, nodeId: 'd', title: 'd', durationMs: 2 });
    expect(goesOn.nodes()?.map(({ status }) => status)).toEqual(Array(4).fill('finished'));
  });

  test('[LOG-9] text that opens a part does, whatever comes before it, also what the log began with', () => {
    const before: Part[] = [{ type: 'text', text: 'before' }];
    const log = new RunLog({ runId, messageId }, () => {}, before);
    log.openPart();
    log.appendText('text', 'one');
    log.openPart();
    log.appendText('text', 'two');
    log.appendText('text', ' more');
    const parts = [...before, { type: 'text', text: 'one' }, { type: 'text', text: 'two more' }];
    expect(log.parts()).toEqual(parts);
    const began = sampleView({ chat, messages: [sampleMessage(chat, { id: messageId, runId, parts: before })] });
    for (const cap of [1, 2, 100]) expect(follow(log, 0, began, cap).view?.messages[0]?.parts).toEqual(parts);
  });
});
