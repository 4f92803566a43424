import { asc, eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { modelCalls } from '../../../db/schema.ts';
import type { ModelCallId } from '../../../shared/ids.ts';
import { newId } from '../../../shared/new-id.ts';
import { completed, newUser, startedOf, TestChat, textSlice } from '../../helpers/store-chat.ts';
import type { StoreUnderTest } from '../store.ts';

const used = (inputTokens: number, outputTokens: number, source: 'reported' | 'estimated' = 'reported') => ({
  inputTokens,
  outputTokens,
  source,
});
const model = 'openai:double';

export function describeModelCalls({ open }: StoreUnderTest): void {
  const rows = (chat: TestChat) =>
    open().db.select().from(modelCalls).where(eq(modelCalls.chatId, chat.id)).orderBy(asc(modelCalls.openedAt));
  const stored = async (chat: TestChat) =>
    (await rows(chat)).map((row) => [row.status, row.step, row.model, row.inputTokens, row.outputTokens, row.source]);

  it.each([
    ['completed', 'finished'],
    ['stopped', 'stopped'],
    ['failed', 'failed'],
    ['interrupted', 'stopped'],
  ] as const)('[USE-1] a run that ends %s closes its call as %s', async (status, callStatus) => {
    const chat = await TestChat.create(open().store);
    const started = await chat.start('one');
    expect(await rows(chat)).toMatchObject([
      { id: started.run.id, ownerId: chat.userId, runId: started.run.id, purpose: 'answer', status: 'open', step: 1 },
    ]);
    await chat.store.finish({ ...completed(started, 'yes'), status, model, usage: used(7, 3) });
    await chat.store.finish({ ...completed(started, 'again'), model, usage: used(99, 99) });
    expect(await stored(chat)).toEqual([[callStatus, 1, model, 7, 3, 'reported']]);
    expect((await rows(chat))[0]?.closedAt).not.toBeNull();
  });

  it('[USE-1] runs that began in the queue, as another answer or as an edit have their rows too', async () => {
    const chat = await TestChat.create(open().store);
    const first = await chat.start('one');
    await chat.send('two');
    await chat.store.finish({ ...completed(first, 'yes'), model, usage: used(1, 1) });
    const second = (await chat.store.startNext(chat.id))?.started;
    if (!second) throw new Error('expected the next run to start');
    await chat.store.finish({ ...completed(second, 'yes'), model, usage: used(2, 2) });
    const request = { chatId: chat.id, messageId: second.userMessage.id, onBusy: 'queue', mayStart: true } as const;
    const third = startedOf(await chat.store.regenerate(chat.userId, { ...request, newMessageId: newId() }));
    await chat.store.finish({ ...completed(third, 'yes'), model, usage: used(3, 3) });
    const fourth = startedOf(await chat.store.edit(chat.userId, { ...request, newMessageId: newId(), text: 'three' }));
    await chat.store.finish({ ...completed(fourth, 'yes'), model, usage: used(4, 4) });
    expect((await stored(chat)).map(([status, , , input]) => [status, input])).toEqual(
      [1, 2, 3, 4].map((input) => ['finished', input]),
    );
  });

  it('[USE-2] each further call of a run has a row, and repeating it writes nothing twice', async () => {
    const chat = await TestChat.create(open().store);
    const started = await chat.start('one');
    const at = { runId: started.run.id, attempt: started.attempt };
    const call = { id: newId<ModelCallId>(), ended: { model, usage: used(7, 3) } };
    await chat.store.nextModelCall(at, call);
    await chat.store.nextModelCall(at, call);
    const lastCall = { model: 'openai:other', usage: used(20, 5, 'estimated') };
    await expect(chat.store.nextModelCall({ ...at, attempt: 2 }, call)).rejects.toThrow('no longer at work');
    await chat.store.finish({ ...completed(started, 'yes'), model, usage: used(27, 8), lastCall });
    expect(await stored(chat)).toEqual([
      ['finished', 1, model, 7, 3, 'reported'],
      ['finished', 2, 'openai:other', 20, 5, 'estimated'],
    ]);
    await expect(chat.store.nextModelCall(at, { ...call, id: newId() })).rejects.toThrow('no longer at work');
  });

  it('[USE-2] a call ends when its run waits for a person, and another begins when that goes on', async () => {
    const chat = await TestChat.create(open().store);
    const started = await chat.start('one');
    const { attempt, run } = started;
    const question = { id: newId<never>(), kind: 'text', prompt: 'which?', schema: {} } as const;
    const ask = { runId: run.id, attempt, status: 'waiting', parts: [], model, usage: used(7, 3), question } as const;
    await chat.store.suspend(ask);
    expect(await stored(chat)).toEqual([['finished', 1, model, 7, 3, 'reported']]);
    await chat.store.respond(chat.userId, { chatId: chat.id, inputId: question.id, value: 'this' });
    const again = (await chat.store.startNext(chat.id))?.started;
    if (!again) throw new Error('expected the run to go on');
    expect((await stored(chat))[1]).toEqual(['open', 2, null, 0, 0, null]);
    const end = { ...completed(again, 'yes'), model, usage: used(17, 5), lastCall: { model, usage: used(10, 2) } };
    await chat.store.finish(end);
    expect((await stored(chat))[1]).toEqual(['finished', 2, model, 10, 2, 'reported']);
  });

  it('[CTX-5] the call for a summary is a row beside those of its run, and no other end closes it', async () => {
    const chat = await TestChat.create(open().store);
    const started = await chat.start('one');
    const { attempt, run } = started;
    const side = { id: newId<ModelCallId>(), purpose: 'summary', chatId: chat.id, runId: run.id, model } as const;
    await chat.store.openSideCall(chat.userId, side);
    await chat.store.nextModelCall({ runId: run.id, attempt }, { id: newId(), ended: {} });
    const question = { id: newId<never>(), kind: 'text', prompt: 'which?', schema: {} } as const;
    await chat.store.suspend({ runId: run.id, attempt, status: 'waiting', parts: [], question });
    await chat.store.closeSideCall(side.id, { status: 'finished', usage: used(9, 4) });
    const rows = await stored(chat);
    expect(rows).toContainEqual(['finished', 1, model, 9, 4, 'reported']);
    expect(rows.map(([status, step]) => [status, step])).toEqual([
      ['finished', 1],
      ['finished', 1],
      ['finished', 2],
    ]);
  });

  it('[USE-3] a run whose process has died closes its call as crashed, estimated of what was recorded', async () => {
    const chat = await TestChat.create(open().store);
    const started = await chat.start('a question of 32 characters, yes');
    await chat.store.record([textSlice(started, 1, 0, 'x'.repeat(400))]);
    await chat.store.abandon(chat.id, []);
    expect(await stored(chat)).toEqual([['crashed', 1, null, 8, 100, 'estimated']]);
  });

  it('[USE-3] recovery closes whatever is open, of titles and deleted chats too', async () => {
    const [told, stopped, deleted] = await Promise.all([1, 2, 3].map(() => TestChat.create(open().store)));
    if (!told || !stopped || !deleted) throw new Error('expected chats');
    const { run } = await told.turn('one', 'yes');
    await told.store.openSideCall(told.userId, {
      id: newId(),
      purpose: 'title',
      chatId: told.id,
      runId: run.id,
      model,
    });
    await stopped.start('one');
    await stopped.store.requestStop(stopped.userId, stopped.id, undefined);
    await deleted.start('one');
    await deleted.store.deleteChat(deleted.userId, deleted.id);
    await open().store.recover();
    const statuses = async (chat: TestChat) => (await stored(chat)).map(([status]) => status);
    expect(await Promise.all([told, stopped, deleted].map(statuses))).toEqual([
      ['finished', 'crashed'],
      ['stopped'],
      ['crashed'],
    ]);
  });

  it('[USE-4] the rows outlive their chat, and a run that ends after its chat was deleted closes its call', async () => {
    const chat = await TestChat.create(open().store);
    const started = await chat.start('one');
    await chat.store.deleteChat(chat.userId, chat.id);
    expect(await chat.store.finish({ ...completed(started, 'yes'), status: 'stopped', model, usage: used(7, 3) })).toBe(
      null,
    );
    expect(await stored(chat)).toEqual([['stopped', 1, model, 7, 3, 'reported']]);
    const { days } = await chat.store.accountUsage(chat.userId, {});
    expect(days).toMatchObject([{ model, calls: 1, inputTokens: 7, outputTokens: 3 }]);
  });

  it('[USE-5] totals are told by day and model to the user, and of a chat to its owner', async () => {
    const { clock, store } = open();
    const chat = await TestChat.create(store);
    const other = await TestChat.create(store, { userId: chat.userId });
    const turn = async (of: TestChat, name: string, usage: ReturnType<typeof used>) => {
      const started = await of.start('one');
      await store.finish({ ...completed(started, 'yes'), model: name, usage });
      return started.run.id;
    };
    await turn(chat, 'a:1', used(1, 2));
    await turn(other, 'a:1', used(10, 20, 'estimated'));
    const runId = await turn(chat, 'b:1', used(100, 200));
    const title = newId<ModelCallId>();
    await store.openSideCall(chat.userId, { id: title, purpose: 'title', chatId: chat.id, runId, model: 'b:1' });
    await store.closeSideCall(title, { status: 'finished', usage: used(5, 5) });
    await turn(chat, 'c:1', used(0, 0));
    const today = clock.iso().slice(0, 10);
    const range = { from: today, to: today };
    expect(await store.accountUsage(chat.userId, range)).toEqual({
      ...range,
      days: [
        { day: today, model: 'a:1', calls: 2, inputTokens: 11, outputTokens: 22, source: 'estimated' },
        { day: today, model: 'b:1', calls: 2, inputTokens: 105, outputTokens: 205, source: 'reported' },
      ],
    });
    expect(await store.chatUsage(chat.userId, chat.id)).toEqual({
      chatId: chat.id,
      calls: 3,
      inputTokens: 106,
      outputTokens: 207,
      source: 'reported',
    });
    const empty = await TestChat.create(store);
    expect(await store.chatUsage(empty.userId, empty.id)).toEqual({
      chatId: empty.id,
      calls: 0,
      inputTokens: 0,
      outputTokens: 0,
      source: 'reported',
    });
    await expect(store.chatUsage(newUser(), chat.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await store.accountUsage(newUser(), {})).days).toEqual([]);
  });

  it('[USE-5] [USE-9] days are those of UTC, both ends count, and a range that is none or too long is refused', async () => {
    const { db, store } = open();
    const chat = await TestChat.create(store);
    const { run } = await chat.turn('one', 'yes');
    const move = (openedAt: string) =>
      db.update(modelCalls).set({ openedAt, inputTokens: 1 }).where(eq(modelCalls.runId, run.id));
    const daysOf = async (from: string, to: string) =>
      (await store.accountUsage(chat.userId, { from, to })).days.map(({ day }) => day);
    for (const openedAt of ['2025-03-10T00:00:00.000Z', '2025-03-10T23:59:59.999Z']) {
      await move(openedAt);
      expect(await daysOf('2025-03-10', '2025-03-10')).toEqual(['2025-03-10']);
      expect([await daysOf('2025-03-09', '2025-03-09'), await daysOf('2025-03-11', '2025-03-11')]).toEqual([[], []]);
    }
    for (const [from, to] of [
      ['2025-03-02', '2025-03-01'],
      ['2025-01-01', '2025-04-03'],
    ] as const)
      await expect(store.accountUsage(chat.userId, { from, to })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(await daysOf('2025-01-01', '2025-04-02')).toEqual(['2025-03-10']);
    const until = async (to: string) => store.accountUsage(chat.userId, { to, days: 3 });
    expect(await until('2025-03-12')).toMatchObject({ from: '2025-03-10', to: '2025-03-12', days: [{ calls: 1 }] });
    expect(await until('2025-03-13')).toMatchObject({ from: '2025-03-11', days: [] });
  });

  it('[USE-1] a call of which nothing is known used nothing', async () => {
    const chat = await TestChat.create(open().store);
    const started = await chat.start('one');
    await chat.store.nextModelCall(
      { runId: started.run.id, attempt: started.attempt },
      { id: newId<ModelCallId>(), ended: {} },
    );
    await chat.store.finish({ ...completed(started, ''), status: 'failed' });
    expect(await stored(chat)).toEqual([
      ['finished', 1, null, 0, 0, null],
      ['failed', 2, null, 0, 0, null],
    ]);
  });

  it('[USE-1] a provider’s count that fits nowhere does not keep a run from ending', async () => {
    const chat = await TestChat.create(open().store);
    const started = await chat.start('one');
    const usage = used(Number.MAX_SAFE_INTEGER, 3);
    expect(await chat.store.finish({ ...completed(started, 'yes'), model, usage })).not.toBe(null);
    expect(await stored(chat)).toEqual([['finished', 1, model, 2_147_483_647, 3, 'reported']]);
  });

  it('[USE-8] calls of a user that set tokens aside at the same time never pass the budget', async () => {
    const { store } = open();
    const userId = newUser();
    const opened = await Promise.all(
      Array.from({ length: 20 }, async () => (await TestChat.create(store, { userId })).start('one')),
    );
    const other = await (await TestChat.create(store)).start('one');
    const wanted = { purpose: 'answer', least: 50, most: 100, budget: 1_030 } as const;
    const all = await Promise.all(
      opened.flatMap(({ run }) => [1, 2].map(() => store.reserveTokens(userId, { ...wanted, runId: run.id }))),
    );
    expect(all.filter(({ granted }) => granted > 0).map(({ granted }) => granted)).toEqual(Array(10).fill(100));
    expect(all.filter(({ granted }) => granted === 0)).toHaveLength(30);
    expect(await store.spentTokens(userId)).toBe(1_000);
    const [first] = opened;
    if (!first) throw new Error('expected runs');
    const rest = { ...wanted, runId: first.run.id };
    expect(await store.reserveTokens(userId, { ...rest, least: 30 })).toEqual({ granted: 30, spent: 1_000 });
    expect(await store.reserveTokens(other.userId, { ...rest, least: 1 })).toEqual({ granted: 0, spent: 0 });
    expect(await store.reserveTokens(other.userId, { ...wanted, runId: other.run.id })).toMatchObject({ granted: 100 });
    for (const started of opened) await store.finish({ ...completed(started, 'yes'), model, usage: used(10, 1) });
    expect(await store.spentTokens(userId)).toBe(220);
    expect(await store.reserveTokens(userId, rest)).toMatchObject({ granted: 0 });
  });
}
