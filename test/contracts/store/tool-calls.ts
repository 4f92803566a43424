import { asc, eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { modelCalls, toolCalls } from '../../../db/schema.ts';
import type { App } from '../../../shared/chat.ts';
import type { InputId } from '../../../shared/ids.ts';
import type { Part } from '../../../shared/message.ts';
import { newId } from '../../../shared/new-id.ts';
import { completed, TestChat, textSlice, workflowId } from '../../helpers/store-chat.ts';
import type { StoreUnderTest } from '../store.ts';

const call = (id: string, readOnly = false) => ({ id, name: 'book', input: { seats: 4 }, readOnly, step: 1 });

export function describeToolCalls({ open }: StoreUnderTest): void {
  const rows = (runId: string) =>
    open()
      .db.select()
      .from(toolCalls)
      .where(eq(toolCalls.runId, runId as never))
      .orderBy(asc(toolCalls.position));
  const states = async (runId: string) => (await rows(runId)).map(({ state }) => state);

  it('[TOOL-12] a call is noted before it is made and after; one that has ended stays as it is', async () => {
    const chat = await TestChat.create(open().store);
    const { run, attempt } = await chat.start('one');
    const at = { runId: run.id, attempt };
    await chat.store.intendToolCalls(at, [call('a'), call('b')]);
    await chat.store.intendToolCalls(at, [call('a')]);
    await chat.store.moveToolCalls(at, [
      { id: 'a', state: 'started', input: { seats: 5 } },
      { id: 'b', state: 'denied', error: 'too dear' },
    ]);
    await chat.store.moveToolCalls(at, [{ id: 'a', state: 'done', output: [1, null, 'x'] }]);
    await chat.store.moveToolCalls(at, [{ id: 'a', state: 'failed', error: 'late' }]);
    expect(await rows(run.id)).toMatchObject([
      { id: 'a', state: 'done', input: { seats: 5 }, output: [1, null, 'x'], error: null },
      { id: 'b', state: 'denied', input: { seats: 4 }, error: 'too dear' },
    ]);
  });

  it('[TOOL-12] a run that has ended, or was put to work again, takes note of nothing', async () => {
    const chat = await TestChat.create(open().store);
    const started = await chat.start('one');
    const { run, attempt } = started;
    const late = { runId: run.id, attempt: attempt - 1 };
    await expect(chat.store.intendToolCalls(late, [call('a')])).rejects.toThrow('no longer at work');
    const at = { runId: run.id, attempt };
    await chat.store.intendToolCalls(at, [call('a')]);
    await expect(chat.store.moveToolCalls(late, [{ id: 'a', state: 'started' }])).rejects.toThrow('no longer at work');
    const parts: Part[] = [{ type: 'tool', toolCallId: 'a', name: 'book', input: {}, state: 'denied' }];
    await chat.store.finish({ ...completed(started, ''), parts });
    await expect(chat.store.moveToolCalls(at, [{ id: 'a', state: 'started' }])).rejects.toThrow('no longer at work');
    expect(await states(run.id)).toEqual(['denied']);
  });

  it('[TOOL-17] what a crash left is told by the ledger, in the answer too', async () => {
    const chat = await TestChat.create(open().store);
    const { run, attempt } = await chat.start('one');
    const at = { runId: run.id, attempt };
    await chat.store.intendToolCalls(at, [
      call('wrote'),
      call('read', true),
      call('done'),
      call('waited'),
      call('late'),
    ]);
    await chat.store.moveToolCalls(
      at,
      ['wrote', 'read', 'done', 'late'].map((id) => ({ id, state: 'started' as const })),
    );
    await chat.store.moveToolCalls(at, [{ id: 'done', state: 'done', output: 7 }]);
    // The parts are a little behind: what they show of `done` is old, `late` they lack.
    const part = (id: string): Part => ({ type: 'tool', toolCallId: id, name: 'book', input: {}, state: 'running' });
    await chat.store.record(
      ['wrote', 'read', 'done', 'waited'].map((id, index) => ({
        ...at,
        seq: index + 1,
        part: index,
        content: { value: part(id) },
      })),
    );
    await chat.store.abandon(chat.id, []);
    expect(await states(run.id)).toEqual(['uncertain', 'failed', 'done', 'denied', 'uncertain']);
    expect((await chat.view()).messages.at(-1)).toMatchObject({
      status: 'interrupted',
      parts: [
        { toolCallId: 'wrote', state: 'uncertain', error: expect.any(String) },
        { toolCallId: 'read', state: 'failed', error: expect.any(String) },
        { toolCallId: 'done', state: 'done', output: 7 },
        { toolCallId: 'waited', state: 'denied' },
        { toolCallId: 'late', state: 'uncertain', input: { seats: 4 } },
      ],
    });
  });

  /** A run of which the process died while it called tools, as recovery finds it. */
  async function leftWithCalls(app?: App) {
    const chat = await TestChat.create(open().store, app ? { app } : {});
    const started = await chat.start('one');
    const at = { runId: started.run.id, attempt: started.attempt };
    await chat.store.intendToolCalls(at, [call('wrote'), call('read', true), call('done'), call('next'), call('late')]);
    await chat.store.moveToolCalls(
      at,
      ['wrote', 'read', 'done', 'late'].map((id) => ({ id, state: 'started' as const })),
    );
    await chat.store.moveToolCalls(at, [{ id: 'done', state: 'done', output: 7 }]);
    const waits = { type: 'tool', toolCallId: 'next', name: 'book', input: {}, state: 'running', inputId } as const;
    await chat.store.record([
      textSlice(started, 0, 0, 'One moment.'),
      { ...at, seq: 20, part: 1, content: { value: waits } },
    ]);
    return { chat, started };
  }
  const inputId = newId<InputId>();

  it('[TOOL-18] a crash during a call lets the run wait for a person, who is asked about each such call', async () => {
    const { store, clock } = open();
    const { chat, started } = await leftWithCalls();
    const recovered = await store.recover({ askMs: 60_000 });
    expect(recovered.asking).toBeGreaterThan(0);
    expect(recovered.waiting.map(({ chatId }) => chatId)).not.toContain(chat.id);
    const { messages, activeRun, pendingInput } = await chat.view();
    expect(activeRun).toMatchObject({ id: started.run.id, status: 'waiting' });
    expect(pendingInput).toMatchObject({
      kind: 'choice',
      prompt: expect.stringMatching(/book was being called with \{"seats": ?4\}/),
      schema: { enum: ['it worked', 'run it again', 'go on without it'] },
    });
    const left = Date.parse(pendingInput?.expiresAt ?? '') - Date.parse(clock.iso());
    expect(left).toBeGreaterThan(50_000);
    expect(left).toBeLessThanOrEqual(60_000);
    const uncertain = { state: 'uncertain', error: expect.any(String), inputId: expect.any(String) };
    expect(messages[1]).toMatchObject({
      status: 'streaming',
      parts: [
        { type: 'text', text: 'One moment.' },
        { toolCallId: 'next', state: 'running', inputId },
        { toolCallId: 'wrote', ...uncertain, inputId: pendingInput?.id },
        { toolCallId: 'read', state: 'running' },
        { toolCallId: 'done', state: 'done', output: 7 },
        { toolCallId: 'late', ...uncertain },
      ],
    });
    const ids = messages[1]?.parts.map((part) => (part.type === 'tool' ? part.inputId : undefined));
    expect(new Set(ids)).toEqual(new Set([undefined, inputId, ids?.[2], ids?.[5]]));
    expect(ids?.[5]).not.toBe(ids?.[2]);
    expect(await states(started.run.id)).toEqual(['started', 'started', 'done', 'intent', 'started']);
    const calls = open().db.select().from(modelCalls).where(eq(modelCalls.runId, started.run.id));
    expect(await calls).toMatchObject([{ status: 'crashed', reservedTokens: 0 }]);
    expect((await store.recover()).asking).toBe(0);

    await store.respond(chat.userId, { chatId: chat.id, inputId: pendingInput!.id, value: 'run it again' });
    const again = (await store.startNext(chat.id))?.started;
    expect(again).toMatchObject({ attempt: 2, message: { parts: messages[1]?.parts } });
    expect(again?.resumed?.answers).toMatchObject([
      { inputId: pendingInput?.id, kind: 'choice', value: 'run it again', subject: { toolCallId: 'wrote' } },
    ]);
    const at = { runId: started.run.id, attempt: 2 };
    await store.moveToolCalls(at, [{ id: 'wrote', state: 'started' }]);
    await store.moveToolCalls(at, [{ id: 'wrote', state: 'done', output: 8 }]);
    expect((await rows(started.run.id))[0]).toMatchObject({ state: 'done', output: 8 });
    // Dead once more: what is still open is asked about, what has been settled is not.
    await store.recover();
    const view = await chat.view();
    expect(view.pendingInput?.id).not.toBe(pendingInput?.id);
    expect(view.messages[1]?.parts.slice(2)).toMatchObject([
      { toolCallId: 'wrote', state: 'done', output: 8 },
      { toolCallId: 'read', state: 'running' },
      { toolCallId: 'done', state: 'done' },
      { toolCallId: 'late', state: 'uncertain', inputId: view.pendingInput?.id },
    ]);
  });

  it('[TOOL-18] a run that asks so and is stopped ends with what is known of its calls', async () => {
    const { chat, started } = await leftWithCalls();
    await chat.store.recover();
    await chat.store.requestStop(chat.userId, chat.id, undefined);
    expect(await states(started.run.id)).toEqual(['uncertain', 'failed', 'done', 'denied', 'uncertain']);
    const { messages, pendingInput } = await chat.view();
    expect(pendingInput).toBeNull();
    expect(messages[1]).toMatchObject({ status: 'stopped' });
    const parts = messages[1]?.parts.flatMap((part) => (part.type === 'tool' ? [part] : [])) ?? [];
    expect(parts.map(({ state }) => state)).toEqual(['denied', 'uncertain', 'failed', 'done', 'uncertain']);
    expect(parts.filter((part) => 'inputId' in part)).toEqual([]);
  });

  it('[TOOL-18] nobody is asked where a stop was asked for, nor of what is no assistant', async () => {
    const stopped = await leftWithCalls();
    await stopped.chat.store.requestStop(stopped.chat.userId, stopped.chat.id, undefined);
    const flow = await leftWithCalls({ kind: 'workflow', id: workflowId });
    await flow.chat.store.recover();
    expect((await stopped.chat.view()).messages[1]).toMatchObject({ status: 'stopped' });
    expect((await flow.chat.view()).messages[1]).toMatchObject({ status: 'interrupted' });
    for (const { started } of [stopped, flow])
      expect(await states(started.run.id)).toEqual(['uncertain', 'failed', 'done', 'denied', 'uncertain']);
  });

  it('[TOOL-18] without an answer in time the run is due, as after one', async () => {
    const { store, clock } = open();
    const { chat } = await leftWithCalls();
    await store.recover({ askMs: 1 });
    clock.read();
    const { due } = await store.expireInputs();
    expect(due.map(({ chatId }) => chatId)).toContain(chat.id);
    const again = (await store.startNext(chat.id))?.started;
    expect(again?.resumed?.answers).toMatchObject([{ expired: true, subject: { toolCallId: 'wrote' } }]);
  });
}
