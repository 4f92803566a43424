import { describe, expect, it } from 'vitest';
import type { InputId } from '../../../shared/ids.ts';
import { fold } from '../../../shared/fold.ts';
import { newId } from '../../../shared/new-id.ts';
import type { StartedRun, Store } from '../../../db/store.ts';
import { asking, question } from '../../helpers/questions.ts';
import { completed, foldAll, newUser, TestChat, textSlice, typesOf } from '../../helpers/store-chat.ts';
import type { StoreUnderTest } from '../store.ts';

/** A chat whose run waits for an answer. */
async function waiting(store: Store, asked = question()) {
  const chat = await TestChat.create(store);
  const started = await chat.start('one');
  await store.suspend(asking(started, asked));
  const answer = (value: unknown, inputId = asked.id) =>
    store.respond(chat.userId, { chatId: chat.id, inputId, value });
  return { chat, started, asked, answer };
}

async function resumed(chat: TestChat): Promise<StartedRun> {
  const next = await chat.store.startNext(chat.id);
  if (!next?.started) throw new Error('expected a run to go on');
  return next.started;
}

export function describeQuestions({ open }: StoreUnderTest): void {
  describe('questions', () => {
    it('[ASK-1] a question lets its run wait, with its parts and nothing else kept of it, and every view has it', async () => {
      const { store, count, clock } = open();
      const chat = await TestChat.create(store);
      const before = await chat.view();
      const sent = await chat.send('one');
      if (sent.disposition !== 'started') throw new Error('expected the run to start');
      const { started } = sent;
      await store.record([textSlice(started, 0, 0, 'Which')]);
      const asked = question({ expiresAt: '2099-01-01T00:00:00.000Z', subject: { secret: 1 } });
      const usage = { inputTokens: 3, outputTokens: 4, source: 'reported' } as const;
      const change = await store.suspend({ ...asking(started, asked), usage, model: 'a:b' });
      const { subject: _, ...request } = { ...asked, runId: started.run.id };
      expect(change).toEqual({
        status: 'waiting',
        entries: [{ seq: 5, event: { type: 'input.requested', input: request } }],
      });
      expect(await chat.log(4)).toEqual(change?.entries);
      const view = await chat.view();
      expect(view).toMatchObject({ activeRun: { status: 'waiting' }, pendingInput: request });
      expect(await chat.state()).toMatchObject({ pendingInput: request, suspended: { runId: started.run.id, seq: 5 } });
      expect(await store.place(chat.userId, chat.id)).toEqual({ seq: 5, suspended: { runId: started.run.id, seq: 5 } });
      expect(view.messages[1]).toEqual({ ...started.message, parts: [{ type: 'text', text: 'Which way? ' }] });
      const ids = { runId: started.run.id, messageId: started.message.id };
      const delta = { type: 'message.delta', ...ids, part: 0, kind: 'text', offset: 0, text: 'Which way? ' } as const;
      const shown = fold(foldAll(before, [sent]), delta);
      expect(shown && foldAll(shown, [change])).toEqual(view);
      expect(await count('run_slices', started.run.id)).toBe(0);
      await store.record([textSlice(started, 9, 0, 'late')]);
      expect(await count('run_slices', started.run.id)).toBe(0);
      expect((await store.history(chat.userId, chat.id, { limit: 1 })).messages).toEqual([view.messages[1]]);
      expect(clock.iso() > started.message.createdAt).toBe(true);
    });

    it('[ASK-1] a question happens once, and not for an earlier attempt or an ended run', async () => {
      const { store } = open();
      const chat = await TestChat.create(store);
      const started = await chat.start('one');
      expect(await store.suspend({ ...asking(started), attempt: 0 })).toBeNull();
      expect(await store.suspend(asking(started))).not.toBeNull();
      expect(await store.suspend(asking(started))).toBeNull();
      const other = await TestChat.create(store);
      expect(await store.suspend(asking(await other.turn('one', 'two')))).toBeNull();
      expect(await store.startNext(chat.id)).toBeNull();
    });

    it('[ASK-2] an answer makes the run due, and it is put to work once, with its parts and all answers', async () => {
      const { store } = open();
      const { chat, started, asked, answer } = await waiting(store, question({ subject: ['call', 1] }));
      const before = await chat.view();
      const answered = await answer('left');
      const event = { type: 'input.answered', inputId: asked.id, answeredBy: chat.userId, value: 'left' };
      expect(answered).toEqual({ accepted: true, answeredBy: chat.userId, entries: [{ seq: 6, event }] });
      expect(await chat.log(5)).toEqual(answered.entries);
      const view = await chat.view();
      expect(view).toMatchObject({ activeRun: { status: 'running' }, pendingInput: null });
      expect(foldAll(before, [answered])).toEqual(view);
      const starts = await Promise.all(Array.from({ length: 5 }, () => store.startNext(chat.id)));
      const [next, ...more] = starts.filter((start) => start !== null);
      expect(more).toEqual([]);
      expect(next?.entries).toEqual([]);
      const first = { inputId: asked.id, kind: 'choice', subject: ['call', 1], value: 'left', expired: false };
      expect(next?.started).toEqual({
        ...started,
        message: { ...started.message, parts: [{ type: 'text', text: 'Which way? ' }] },
        attempt: 2,
        startSeq: 6,
        resumed: {
          suspendedSeq: 5,
          usage: null,
          model: null,
          nodes: [],
          answers: [{ ...first, answeredBy: chat.userId }],
        },
      });
      expect(await chat.view()).toEqual(view);
    });

    it('[NOD-1] how far the nodes of a run had come is in every view of it while it waits, and given to what goes on', async () => {
      const { store } = open();
      const chat = await TestChat.create(store);
      const started = await chat.start('one');
      expect(await chat.view()).not.toHaveProperty('nodes');
      const nodes = [
        { nodeId: 'a', title: 'A', status: 'finished', durationMs: 3, outputs: { text: 'x' } } as const,
        { nodeId: 'b', title: 'B', status: 'running' } as const,
      ];
      const asked = question();
      const { id: runId } = started.run;
      await store.record([], [{ runId, attempt: started.attempt, nodes: nodes.slice(0, 1) }]);
      await store.record([], [{ runId, attempt: started.attempt - 1, nodes: [] }]);
      expect((await chat.view()).nodes).toEqual(nodes.slice(0, 1));
      await store.suspend({ ...asking(started, asked), nodes });
      await store.record([], [{ runId, attempt: started.attempt, nodes: [] }]);
      expect((await chat.view()).nodes).toEqual(nodes);
      await store.respond(chat.userId, { chatId: chat.id, inputId: asked.id, value: 'left' });
      const again = await resumed(chat);
      expect(again.resumed?.nodes).toEqual(nodes);
      expect((await chat.view()).nodes).toEqual(nodes);
      await store.suspend(asking(again));
      expect(await chat.view()).not.toHaveProperty('nodes');
    });

    it('[ASK-2] what is recorded after an answer goes on in the parts that there were, and a second question follows', async () => {
      const { store } = open();
      const { chat, started, answer } = await waiting(store);
      await answer('left');
      const again = await resumed(chat);
      await store.record([textSlice(started, 0, 0, 'stale'), textSlice(again, 0, 11, 'Left it is. ')]);
      expect((await chat.view()).messages[1]?.parts).toEqual([{ type: 'text', text: 'Which way? Left it is. ' }]);
      expect(await store.finish(completed(started, 'stale'))).toBeNull();
      const second = question({ schema: {}, kind: 'text' });
      await store.suspend(asking(again, second, [{ type: 'text', text: 'And now? ' }]));
      await answer({ now: ['this', null] }, second.id);
      const third = await resumed(chat);
      expect(third).toMatchObject({ attempt: 3, startSeq: 8, resumed: { suspendedSeq: 7 } });
      expect(third.resumed?.answers.map(({ value }) => value)).toEqual(['left', { now: ['this', null] }]);
      await store.finish(completed(third, 'Done.'));
      expect((await chat.view()).messages[1]?.parts).toEqual([{ type: 'text', text: 'Done.' }]);
      expect((await chat.log()).map(({ event }) => event.type).slice(4)).toEqual([
        'input.requested',
        'input.answered',
        'input.requested',
        'input.answered',
        'message.completed',
        'run.ended',
      ]);
    });

    it.each(['42', 'true', '"quoted"', '', null, 0, false, [], { b: 1, a: [{ z: null, y: 'ä\u{1F600}' }] }])(
      '[ASK-2] an answer %j comes back as it was given',
      async (value) => {
        const { chat, answer } = await waiting(open().store, question({ schema: {} }));
        await answer(value);
        expect((await chat.log(5))[0]?.event).toMatchObject({ value });
        const again = await resumed(chat);
        expect(again.resumed?.answers[0]?.value).toEqual(value);
        expect(JSON.stringify(again.resumed?.answers[0]?.value)).toBe(JSON.stringify(value));
      },
    );

    it('[ASK-4] of many answers at once one counts, and the others are told; the same once more is accepted', async () => {
      const { store } = open();
      const { chat, asked, answer } = await waiting(store, question({ schema: {} }));
      const values = Array.from({ length: 10 }, (_, index) => ({ index, side: 'left' }));
      const replies = await Promise.all(values.map((value) => answer(value)));
      expect(replies.filter(({ accepted }) => accepted).length).toBe(1);
      expect(new Set(replies.map(({ answeredBy }) => answeredBy))).toEqual(new Set([chat.userId]));
      const winner = values[replies.findIndex(({ accepted }) => accepted)];
      expect((await chat.log(5)).map(({ event }) => event)).toEqual([
        { type: 'input.answered', inputId: asked.id, answeredBy: chat.userId, value: winner },
      ]);
      const swapped = { side: 'left', index: winner?.index };
      expect(await answer(swapped)).toEqual({ accepted: true, answeredBy: chat.userId, entries: [] });
      expect(await answer({ ...winner, more: 1 })).toMatchObject({ accepted: false, answeredBy: chat.userId });
    });

    it('[ASK-5] an unknown question, one of another chat and one of another user are NOT_FOUND', async () => {
      const { store } = open();
      const { chat, asked } = await waiting(store);
      const other = await TestChat.create(store, { userId: chat.userId });
      const stranger = newUser();
      for (const [userId, chatId, inputId] of [
        [chat.userId, chat.id, newId<InputId>()],
        [chat.userId, other.id, asked.id],
        [stranger, chat.id, asked.id],
      ] as const) {
        await expect(store.input(userId, chatId, inputId)).rejects.toMatchObject({ code: 'NOT_FOUND' });
        const refused = store.respond(userId, { chatId, inputId, value: 'left' });
        await expect(refused).rejects.toMatchObject({ code: 'NOT_FOUND' });
      }
      expect(await store.input(chat.userId, chat.id, asked.id)).toMatchObject({ isPending: true });
    });

    it('[ASK-6] a question whose time is over is settled once, and a late answer does not count', async () => {
      const { store, clock } = open();
      const in5 = (ms: number) => new Date(clock.read() + ms).toISOString();
      const late = await waiting(store, question({ expiresAt: in5(0) }));
      const soon = await waiting(store, question({ expiresAt: in5(100_000) }));
      const { expired, due, nextAt } = await store.expireInputs();
      expect(expired.map(({ chatId }) => chatId)).toEqual([late.chat.id]);
      expect(due).toContainEqual({ chatId: late.chat.id, userId: late.chat.userId });
      expect(nextAt).toBe(soon.asked.expiresAt);
      const event = { type: 'input.answered', inputId: late.asked.id, answeredBy: 'expiry', value: null };
      expect(expired[0]?.entries).toEqual([{ seq: 6, event }]);
      expect(await late.chat.log(5)).toEqual(expired[0]?.entries);
      expect((await store.expireInputs()).expired).toEqual([]);
      expect(await late.answer('left')).toEqual({ accepted: false, answeredBy: 'expiry', entries: [] });
      expect((await resumed(late.chat)).resumed?.answers).toMatchObject([{ expired: true, value: null }]);
      await store.requestStop(soon.chat.userId, soon.chat.id, undefined);
      expect((await store.expireInputs()).nextAt).not.toBe(soon.asked.expiresAt);
    });

    it('[ASK-6] an answer that comes too late, before anybody has noticed, is the expiry', async () => {
      const { store, clock } = open();
      const { chat, answer } = await waiting(store, question({ expiresAt: new Date(clock.read()).toISOString() }));
      expect(await answer('left')).toMatchObject({ accepted: false, answeredBy: 'expiry' });
      expect((await resumed(chat)).resumed?.answers).toMatchObject([{ expired: true, value: null }]);
    });

    it('[ASK-7] a stop ends a run that waits at once with what it has, and withdraws its question', async () => {
      const { store } = open();
      const chat = await TestChat.create(store);
      const started = await chat.start('one');
      const usage = { inputTokens: 3, outputTokens: 4, source: 'reported' } as const;
      const asked = question();
      await store.suspend({ ...asking(started, asked), usage, model: 'a:b' });
      const before = await chat.view();
      const two = await chat.send('two');
      const stopped = await store.requestStop(chat.userId, chat.id, undefined);
      expect(stopped).toMatchObject({ runId: started.run.id, status: 'stopped' });
      expect(typesOf(stopped)).toEqual(['message.completed', 'run.ended', 'chat.updated']);
      const view = await chat.view();
      const parts = [{ type: 'text', text: 'Which way? ' }];
      expect(view.messages[1]).toEqual({ ...started.message, status: 'stopped', parts, usage, model: 'a:b' });
      expect(view).toMatchObject({ activeRun: null, pendingInput: null });
      expect(foldAll(before, [two, stopped])).toEqual(view);
      const late = await store.respond(chat.userId, { chatId: chat.id, inputId: asked.id, value: 'left' });
      expect(late).toEqual({ accepted: false, answeredBy: null, entries: [] });
      await store.resumeQueue(chat.userId, chat.id);
      expect((await resumed(chat)).run.text).toBe('two');
    });

    it('[ASK-7] a stop that comes before the question is stored goes before it; one after the answer ends the run too', async () => {
      const { store } = open();
      const chat = await TestChat.create(store);
      const started = await chat.start('one');
      await store.requestStop(chat.userId, chat.id, undefined);
      const change = await store.suspend(asking(started));
      expect(change?.status).toBe('stopped');
      expect(typesOf(change)).toEqual(['message.completed', 'run.ended']);
      expect(await chat.view()).toMatchObject({
        activeRun: null,
        pendingInput: null,
        messages: [{}, { status: 'stopped' }],
      });

      const due = await waiting(store);
      await due.answer('left');
      expect(await store.requestStop(due.chat.userId, due.chat.id, undefined)).toMatchObject({ status: 'stopped' });
      expect(await store.startNext(due.chat.id)).toBeNull();
    });

    it('[ASK-7] interrupt ends a run that waits, and the message goes first', async () => {
      const { store } = open();
      const { chat, started } = await waiting(store);
      await chat.send('two');
      const before = await chat.view();
      const sent = await chat.send('three', { onBusy: 'interrupt' });
      expect(sent).toMatchObject({ disposition: 'queued', interrupts: started.run.id });
      expect(typesOf(sent)).toEqual(['run.queued', 'queue.changed', 'message.completed', 'run.ended']);
      expect(foldAll(before, [sent])).toEqual(await chat.view());
      expect(await chat.log(sent.seq - 1)).toEqual(sent.entries);
      expect((await resumed(chat)).run.text).toBe('three');
    });

    it('[ASK-8] a message that comes while a question is pending is queued or refused, and the question stays', async () => {
      const { chat, started, asked } = await waiting(open().store);
      expect(await chat.send('left')).toMatchObject({ disposition: 'queued' });
      await expect(chat.send('left', { onBusy: 'reject' })).rejects.toMatchObject({
        code: 'CONFLICT_BUSY',
        details: { activeRunId: started.run.id },
      });
      expect((await chat.view()).pendingInput?.id).toBe(asked.id);
      expect(await chat.store.startNext(chat.id)).toBeNull();
    });

    it('[ASK-9] recovery and doubt leave alone what waits or is due, and name the chats of what is due', async () => {
      const { store } = open();
      await store.recover();
      const [asked, due] = [await waiting(store), await waiting(store)];
      await due.answer('right');
      const before = [await asked.chat.view(), await due.chat.view()];
      const recovered = await store.recover();
      expect(recovered.interrupted).toBe(0);
      const named = new Set(recovered.waiting.map(({ chatId }) => chatId));
      expect([named.has(due.chat.id), named.has(asked.chat.id)]).toEqual([true, false]);
      expect(await store.abandon(asked.chat.id, [])).toBeNull();
      expect(await store.abandon(due.chat.id, [])).toBeNull();
      expect([await asked.chat.view(), await due.chat.view()]).toEqual(before);
      const again = await resumed(due.chat);
      await store.record([textSlice(again, 0, 11, 'Right, th')]);
      expect(typesOf(await store.abandon(due.chat.id, []))).toEqual(['message.completed', 'run.ended']);
      expect((await due.chat.view()).messages[1]).toMatchObject({
        status: 'interrupted',
        parts: [{ type: 'text', text: 'Which way? Right, th' }],
      });
    });

    it('[ASK-9] doubt leaves alone what comes to wait, or to be due, while it is asked what the run had', async () => {
      const { store } = open();
      for (const isAnswered of [false, true]) {
        const chat = await TestChat.create(store);
        const started = await chat.start('one');
        const asked = question();
        const abandoned = await store.abandon(chat.id, [], async () => {
          await store.suspend(asking(started, asked));
          if (isAnswered) await store.respond(chat.userId, { chatId: chat.id, inputId: asked.id, value: 'left' });
          return null;
        });
        expect(abandoned).toBeNull();
        expect((await chat.view()).activeRun?.status).toBe(isAnswered ? 'running' : 'waiting');
      }
    });

    it('[ASK-4] of an answer, the expiry, a stop and a message at once one ends the question, and the log has no hole', async () => {
      const { store, clock } = open();
      for (let round = 0; round < 10; round += 1) {
        const expiresAt = new Date(clock.read() + 20).toISOString();
        const { chat, answer } = await waiting(store, question({ expiresAt }));
        const before = await chat.view();
        const changes = await Promise.all([
          answer('left'),
          store.expireInputs().then(({ expired }) => expired.find(({ chatId }) => chatId === chat.id) ?? null),
          store.requestStop(chat.userId, chat.id, undefined),
          chat.send('two', { onBusy: round % 2 === 0 ? 'interrupt' : 'queue' }),
          answer('right'),
        ]);
        const entries = changes.flatMap((change) => change?.entries ?? []).sort((a, b) => a.seq - b.seq);
        expect(await chat.log(5)).toEqual(entries);
        expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 6));
        const ends = entries.filter(({ event }) => event.type === 'input.answered');
        expect(ends.length).toBeLessThanOrEqual(1);
        expect(foldAll(before, [{ entries }])).toEqual(await chat.view());
      }
    });

    it('[ASK-7] a deleted chat takes its questions along', async () => {
      const { store, countOfChat } = open();
      const { chat, started, answer } = await waiting(store);
      expect(await store.deleteChat(chat.userId, chat.id)).toMatchObject({ activeRunId: started.run.id });
      expect(await countOfChat('input_requests', chat.id)).toBe(0);
      await expect(answer('left')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });
  });
}
