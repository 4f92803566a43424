import { asc, eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { toolCalls } from '../../../db/schema.ts';
import type { Part } from '../../../shared/message.ts';
import { completed, TestChat } from '../../helpers/store-chat.ts';
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
}
