import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import type { Change, SendResult, StartedRun } from '../../../db/store.ts';
import type { ChatView } from '../../../shared/events.ts';
import { fold } from '../../../shared/fold.ts';
import type { ChatId, MessageId } from '../../../shared/ids.ts';
import { limits } from '../../../shared/limits.ts';
import { textOf } from '../../../shared/message.ts';
import type { Message } from '../../../shared/message.ts';
import { newId } from '../../../shared/new-id.ts';
import { completed, newUser, startedOf, TestChat, textSlice, typesOf } from '../../helpers/store-chat.ts';
import type { StoreUnderTest } from '../store.ts';

export function describeBranches({ open }: StoreUnderTest): void {
  describe('branches', () => {
    it('[BRA-1] another answer is a sibling of the first one, and its branch is shown', async () => {
      const chat = await TestChat.create(open().store);
      const first = await chat.turn('q0', 'a0');
      const newMessageId = newId<MessageId>();
      const again = await regenerate(chat, first.message.id, { newMessageId });
      const { run, message } = startedOf(again);
      expect(typesOf(again)).toEqual(['run.queued', 'branch.selected', 'run.started', 'message.added']);
      expect(again).toMatchObject({ messageId: newMessageId, runId: run.id });
      expect(message).toMatchObject({ id: newMessageId, parentId: first.userMessage.id, status: 'streaming' });
      expect(run).toMatchObject({ kind: 'regenerate', userMessageId: first.userMessage.id, text: 'q0' });
      await chat.store.finish(completed(startedOf(again), 'a0 again'));
      const { messages, chat: shown } = await chat.view();
      expect(messages.map(textOf)).toEqual(['q0', 'a0 again']);
      expect(messages[0]?.siblings).toBeUndefined();
      expect(messages[1]?.siblings).toEqual({ index: 1, ids: [first.message.id, newMessageId] });
      expect(shown.leafMessageId).toBe(newMessageId);
      expect((await history(chat)).map(({ siblings }) => siblings)).toEqual(messages.map(({ siblings }) => siblings));
    });

    it('[BRA-1] the person’s message names it as well', async () => {
      const chat = await TestChat.create(open().store);
      const { userMessage, message } = await chat.turn('q0', 'a0');
      const again = startedOf(await regenerate(chat, userMessage.id));
      expect(again.message.parentId).toBe(userMessage.id);
      expect((await chat.view()).messages[1]?.siblings?.ids).toEqual([message.id, again.message.id]);
    });

    it('[BRA-2] an edited message is a sibling of the one that it replaces, also at the beginning of a chat', async () => {
      const chat = await TestChat.create(open().store);
      const [first, second] = [await chat.turn('q0', 'a0'), await chat.turn('q1', 'a1')];
      const edited = await editTo(chat, second.userMessage.id, 'q1 edited');
      expect(typesOf(edited)).toEqual([
        'run.queued',
        'branch.selected',
        'message.added',
        'run.started',
        'message.added',
      ]);
      await chat.store.finish(completed(startedOf(edited), 'a1 edited'));
      expect((await chat.view()).messages.map(textOf)).toEqual(['q0', 'a0', 'q1 edited', 'a1 edited']);
      expect(startedOf(edited).run).toMatchObject({ kind: 'edit', text: 'q1 edited' });

      const root = startedOf(await editTo(chat, first.userMessage.id, 'q0 edited'));
      expect(root.userMessage.parentId).toBeNull();
      const { messages } = await chat.view();
      expect(messages.map(textOf)).toEqual(['q0 edited', '']);
      expect(messages[0]?.siblings).toEqual({ index: 1, ids: [first.userMessage.id, root.userMessage.id] });
    });

    it('[BRA-2] an answer cannot be edited', async () => {
      const chat = await TestChat.create(open().store);
      const { message } = await chat.turn('q0', 'a0');
      await expect(editTo(chat, message.id, 'x')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    });

    it('[BRA-3] a repeat answers with the first run; the same id for anything else is a conflict', async () => {
      const chat = await TestChat.create(open().store);
      const [one, two] = [await chat.turn('q0', 'a0'), await chat.turn('q1', 'a1')];
      const newMessageId = newId<MessageId>();
      const asked = () => regenerate(chat, two.message.id, { newMessageId });
      const all = await Promise.all(Array.from({ length: 20 }, asked));
      expect(all.filter(({ disposition }) => disposition === 'started')).toHaveLength(1);
      expect(new Set(all.map(({ runId, seq }) => `${runId} ${seq}`)).size).toBe(1);
      expect(await regenerate(chat, two.userMessage.id, { newMessageId })).toMatchObject({ disposition: 'duplicate' });

      const editId = newId<MessageId>();
      const edited = await editTo(chat, two.userMessage.id, 'new', { newMessageId: editId });
      const repeated = await editTo(chat, two.userMessage.id, 'new', { newMessageId: editId });
      expect(repeated).toMatchObject({ disposition: 'duplicate', runId: edited.runId, messageId: editId });

      const conflict = { code: 'CONFLICT_DUPLICATE' };
      for (const wrong of [
        () => regenerate(chat, one.message.id, { newMessageId }),
        () => regenerate(chat, two.message.id, { newMessageId: one.message.id }),
        () => regenerate(chat, two.message.id, { newMessageId: editId }),
        () => editTo(chat, two.userMessage.id, 'other', { newMessageId: editId }),
        () => editTo(chat, one.userMessage.id, 'new', { newMessageId: editId }),
        () => editTo(chat, two.userMessage.id, 'new', { newMessageId }),
        () => chat.send('q2', { messageId: newMessageId }),
        () => chat.send('new', { messageId: editId }),
      ]) {
        await expect(wrong()).rejects.toMatchObject(conflict);
      }
    });

    it('[BRA-4] while a run is active they wait, are refused or interrupt, and begin on the branch that they name', async () => {
      const chat = await TestChat.create(open().store);
      const first = await chat.turn('q0', 'a0');
      const active = await chat.start('q1');
      const waiting = await regenerate(chat, first.message.id);
      expect(waiting).toMatchObject({ disposition: 'queued', interrupts: null });
      expect((await chat.state()).queue).toMatchObject([{ kind: 'regenerate', messageId: null, text: 'q0' }]);
      const refused = { code: 'CONFLICT_BUSY', details: { activeRunId: active.run.id } };
      await expect(regenerate(chat, first.message.id, { onBusy: 'reject' })).rejects.toMatchObject(refused);
      const edited = await editTo(chat, first.userMessage.id, 'q0 edited', { onBusy: 'interrupt' });
      expect(edited).toMatchObject({ disposition: 'queued', interrupts: active.run.id });
      await chat.store.finish({ ...completed(active, 'half'), status: 'stopped' });
      const next = await chat.store.startNext(chat.id);
      expect(next?.started?.run.id).toBe(edited.runId);
      expect((await chat.view()).messages.map(textOf)).toEqual(['q0 edited', '']);
      if (next?.started) await chat.store.finish(completed(next.started, 'a0 edited'));
      const last = await chat.store.startNext(chat.id);
      expect(last?.started).toMatchObject({
        run: { id: waiting.runId },
        message: { id: waiting.messageId },
        userMessage: { id: first.userMessage.id },
      });
      expect((await chat.view()).messages.map(textOf)).toEqual(['q0', '']);
    });

    it('[BRA-4] the id of an answer that waits is taken', async () => {
      const chat = await TestChat.create(open().store);
      const first = await chat.turn('q0', 'a0');
      await chat.start('q1');
      const { messageId } = await regenerate(chat, first.message.id);
      await expect(chat.send('q2', { messageId })).rejects.toMatchObject({ code: 'CONFLICT_DUPLICATE' });
      const { messageId: queued } = await chat.send('q2');
      const taken = regenerate(chat, first.message.id, { newMessageId: queued });
      await expect(taken).rejects.toMatchObject({ code: 'CONFLICT_DUPLICATE' });
    });

    it('[BRA-5] what a model is told is the branch that it answers on', async () => {
      const chat = await TestChat.create(open().store);
      const [first, second] = [await chat.turn('q0', 'a0'), await chat.turn('q1', 'a1')];
      const again = startedOf(await regenerate(chat, first.message.id));
      await chat.store.finish(completed(again, 'a0 again'));
      await chat.turn('q2', 'a2');
      const told = async (id: MessageId, limit = 9) =>
        (await chat.store.messagesBefore(chat.id, id, limit)).map(textOf);
      const { userMessage } = await chat.start('q3');
      expect(await told(userMessage.id)).toEqual(['q0', 'a0 again', 'q2', 'a2']);
      expect(await told(userMessage.id, 3)).toEqual(['a0 again', 'q2', 'a2']);
      expect(await told(second.userMessage.id)).toEqual(['q0', 'a0']);
    });

    it('[BRA-6] choosing a message shows its branch down to the newest message, once', async () => {
      const { chat, first, second, again } = await twoBranches(open().store);
      const selected = await chat.store.selectBranch(chat.userId, chat.id, first.message.id);
      expect(typesOf(selected)).toEqual(['branch.selected']);
      expect(selected.chat.leafMessageId).toBe(second.message.id);
      expect(await chat.view()).toMatchObject({ chat: selected.chat });
      expect((await history(chat)).map(textOf)).toEqual(['q0', 'a0', 'q1', 'a1']);
      for (const { id } of await history(chat)) {
        expect(await chat.store.selectBranch(chat.userId, chat.id, id)).toEqual({ entries: [], chat: selected.chat });
      }
      await chat.store.selectBranch(chat.userId, chat.id, again.message.id);
      expect((await history(chat)).map(textOf)).toEqual(['q0', 'a0 again']);
      await expect(chat.store.selectBranch(chat.userId, chat.id, newId())).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });

    it('[BRA-6] the branch that was chosen stays when a run ends, and the next message goes there', async () => {
      const { chat, first, second } = await twoBranches(open().store);
      const active = await chat.start('q2');
      await chat.send('q3');
      await chat.store.selectBranch(chat.userId, chat.id, first.message.id);
      await chat.store.record([textSlice(active, 1, 0, 'a2')]);
      await chat.store.finish(completed(active, 'a2'));
      expect((await chat.view()).chat.leafMessageId).toBe(second.message.id);
      const next = await chat.store.startNext(chat.id);
      expect(next?.started?.userMessage.parentId).toBe(second.message.id);
      expect((await history(chat)).map(textOf)).toEqual(['q0', 'a0', 'q1', 'a1', 'q3', '']);
      await chat.store.selectBranch(chat.userId, chat.id, active.message.id);
      expect((await history(chat)).map(textOf)).toEqual(['q0', 'a0 again', 'q2', 'a2']);
    });

    it('[BRA-7] pages of a branch join on, whatever is shown meanwhile', async () => {
      const { chat, first } = await twoBranches(open().store);
      for (let turn = 2; turn < 6; turn += 1) await chat.turn(`q${turn}`, `a${turn}`);
      const whole = await history(chat);
      const page = await chat.store.history(chat.userId, chat.id, { limit: 3 });
      await chat.store.selectBranch(chat.userId, chat.id, first.message.id);
      const older = await chat.store.history(chat.userId, chat.id, { limit: 99, cursor: page.nextCursor ?? '' });
      expect([...older.messages, ...page.messages]).toEqual(whole);
      expect(older.nextCursor).toBeNull();
      const foreign = (await twoBranches(open().store)).first.message.id;
      const cursor = Buffer.from(`h${foreign}`).toString('base64url');
      const refused = chat.store.history(chat.userId, chat.id, { limit: 1, cursor });
      await expect(refused).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    });

    it('[BRA-8] the entries of every change, a snapshot in place of each choice, give the stored view', async () => {
      const { store } = open();
      const chat = await TestChat.create(store);
      let view: ChatView | null = await chat.view();
      const told: Change[] = [];
      const check = async <Result extends Change | null>(result: Result): Promise<Result> => {
        for (const { event } of result?.entries ?? [])
          view =
            event.type === 'branch.selected' || event.type === 'answer.reset' ? await chat.view() : fold(view, event);
        if (result) told.push(result);
        expect(view).toEqual(await chat.view());
        return result;
      };
      const first = startedOf(await check(await chat.send('q0')));
      await check(await regenerate(chat, first.message.id));
      await check(await editTo(chat, first.userMessage.id, 'q0 edited', { onBusy: 'interrupt' }));
      await check(await store.finish({ ...completed(first, 'half'), status: 'stopped' }));
      for (let next = await check(await store.startNext(chat.id)); next?.started;) {
        await check(await chat.send(`after ${next.started.run.text}`, { onBusy: 'interrupt' }));
        await check(await store.selectBranch(chat.userId, chat.id, first.message.id));
        await check(await store.rename(chat.userId, chat.id, next.started.run.text));
        await check(await store.finish(completed(next.started, 'done')));
        await check(await store.selectBranch(chat.userId, chat.id, next.started.message.id));
        next = told.length < 25 ? await check(await store.startNext(chat.id)) : null;
      }
      const entries = told.flatMap((change) => change.entries);
      expect(entries.filter(({ event }) => event.type === 'branch.selected').length).toBeGreaterThan(3);
      expect(await chat.log()).toEqual(entries);
    });

    it('[BRA-9] one message too many in a place is refused with the limit, those that wait counted', async () => {
      const chat = await TestChat.create(open().store);
      const { message, userMessage } = await chat.turn('q0', 'a0');
      for (let count = 1; count < limits.siblings - 1; count += 1) {
        await chat.store.finish(completed(startedOf(await regenerate(chat, message.id)), `${count}`));
      }
      await chat.store.selectBranch(chat.userId, chat.id, message.id);
      await chat.start('busy');
      expect(await regenerate(chat, message.id)).toMatchObject({ disposition: 'queued' });
      const refused = { code: 'TOO_LARGE', details: { limit: limits.siblings } };
      await expect(regenerate(chat, message.id)).rejects.toMatchObject(refused);
      expect(await editTo(chat, userMessage.id, 'another place')).toMatchObject({ disposition: 'queued' });
      expect((await history(chat))[1]?.siblings).toMatchObject({ index: 0 });
    });

    it('[FRK-1] a fork has copies of everything up to a message, and goes its own way', async () => {
      const { chat, first, second } = await twoBranches(open().store);
      const original = await chat.view();
      const newChatId = newId<ChatId>();
      const request = { chatId: chat.id, messageId: second.userMessage.id, newChatId, title: 'Fork' };
      const forked = await chat.store.fork(chat.userId, request);
      const { chat: source } = await chat.view();
      expect(forked).toMatchObject({ id: newChatId, title: 'Fork', app: source.app, activeRunId: null });
      const fork = chatOf(chat, newChatId);
      const messages = await history(fork);
      expect(messages.map(textOf)).toEqual(['q0', 'a0', 'q1']);
      expect(messages.map(({ parentId }) => parentId)).toEqual([null, messages[0]?.id, messages[1]?.id]);
      expect(messages.map(({ runId }) => runId)).toEqual([null, null, null]);
      expect(forked.leafMessageId).toBe(messages.at(-1)?.id);
      expect(messages[1]).toMatchObject({ status: 'completed', createdAt: first.message.createdAt });
      const ids = new Set([first, second].flatMap(({ userMessage, message }) => [userMessage.id, message.id]));
      expect(messages.filter(({ id }) => ids.has(id))).toEqual([]);
      expect(await fork.view()).toMatchObject({ chat: forked, messages, nextCursor: null });

      const answered = startedOf(await regenerate(fork, messages[2]?.id ?? newId()));
      await fork.store.finish(completed(answered, 'a1 of the fork'));
      await fork.turn('q2', 'a2');
      expect((await history(fork)).map(textOf)).toEqual(['q0', 'a0', 'q1', 'a1 of the fork', 'q2', 'a2']);
      const again = startedOf(await regenerate(fork, messages[1]?.id ?? newId()));
      await fork.store.finish(completed(again, 'a0 of the fork'));
      expect((await fork.log()).map(({ seq }) => seq)).toEqual((await fork.log()).map((_, index) => index + 1));
      expect(await chat.view()).toEqual(original);
    });

    it('[FRK-2] a repeated fork returns the chat that exists, to its owner only', async () => {
      const { chat, first } = await twoBranches(open().store);
      const request = { chatId: chat.id, messageId: first.message.id, newChatId: newId<ChatId>(), title: null };
      const forks = await Promise.all(Array.from({ length: 8 }, () => chat.store.fork(chat.userId, request)));
      expect(new Set(forks.map((fork) => JSON.stringify(fork))).size).toBe(1);
      expect(await history(chatOf(chat, request.newChatId))).toHaveLength(2);
      expect(await chat.store.chats(chat.userId, { limit: 9 })).toMatchObject({ chats: [{}, {}] });
      const stranger = await TestChat.create(chat.store);
      const { message } = await stranger.turn('mine', 'mine');
      const own = { ...request, chatId: stranger.id, messageId: message.id };
      for (const foreign of [
        own,
        { ...own, newChatId: newId<ChatId>(), messageId: first.message.id },
        { ...request, newChatId: newId<ChatId>() },
      ]) {
        await expect(chat.store.fork(stranger.userId, foreign)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      }
      await expect(chat.store.fork(newUser(), request)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });

    it('[FRK-3] a message that is being written ends no fork', async () => {
      const chat = await TestChat.create(open().store);
      const { run, message, userMessage } = await chat.start('q0');
      const request = { chatId: chat.id, messageId: message.id, newChatId: newId<ChatId>(), title: null };
      const busy = { code: 'CONFLICT_BUSY', details: { activeRunId: run.id } };
      await expect(chat.store.fork(chat.userId, request)).rejects.toMatchObject(busy);
      await chat.store.fork(chat.userId, { ...request, messageId: userMessage.id });
      expect(await history(chatOf(chat, request.newChatId))).toHaveLength(1);
    });

    it('[FRK-4] a fork of more messages than the limit is refused and leaves nothing; one of as many is made', async () => {
      const { store, db } = open();
      const chat = await TestChat.create(store);
      const { message } = await chat.turn('q0', 'a0');
      const added = limits.forkMessages - 1;
      // A chain of as many more, each the parent of the next.
      await db.execute(sql`
        insert into switchboard.messages (chat_id, id, seq, parent_id, role, status, parts, created_at)
        select ${chat.id}::uuid, ${chainId('n')}, 100 + n,
          case n when 1 then ${message.id}::uuid else ${chainId('n - 1')} end,
          'user', 'completed', '[{"type":"text","text":"x"}]', now()
        from generate_series(1, ${added}::integer) as n`);
      const [{ id: last }] = (await db
        .select({ id: sql<MessageId>`id` })
        .from(sql`switchboard.messages`)
        .where(sql`chat_id = ${chat.id} order by seq desc limit 1`)) as [{ id: MessageId }];
      const request = { chatId: chat.id, messageId: last, newChatId: newId<ChatId>(), title: null };
      const refused = { code: 'TOO_LARGE', details: { limit: limits.forkMessages } };
      await expect(store.fork(chat.userId, request)).rejects.toMatchObject(refused);
      await expect(store.chat(chat.userId, request.newChatId)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      const [{ id: before }] = (await db
        .select({ id: sql<MessageId>`parent_id` })
        .from(sql`switchboard.messages`)
        .where(sql`chat_id = ${chat.id} and id = ${last}`)) as [{ id: MessageId }];
      await store.fork(chat.userId, { ...request, messageId: before });
      expect(await open().countOfChat('messages', request.newChatId)).toBe(limits.forkMessages);
    });
  });
}

/** The id of a message of the chain, made of its number. */
function chainId(number: string) {
  return sql.raw(`('01930000-0000-7000-8000-' || lpad(to_hex(${number}), 12, '0'))::uuid`);
}

interface More {
  readonly newMessageId?: MessageId;
  readonly onBusy?: 'queue' | 'reject' | 'interrupt';
}

function regenerate(chat: TestChat, messageId: MessageId, more: More = {}): Promise<SendResult> {
  const request = { chatId: chat.id, messageId, newMessageId: newId<MessageId>(), onBusy: 'queue', ...more } as const;
  return chat.store.regenerate(chat.userId, { ...request, mayStart: true });
}

function editTo(chat: TestChat, messageId: MessageId, text: string, more: More = {}): Promise<SendResult> {
  const request = { chatId: chat.id, messageId, newMessageId: newId<MessageId>(), onBusy: 'queue', ...more } as const;
  return chat.store.edit(chat.userId, { ...request, text, mayStart: true });
}

async function history(chat: TestChat): Promise<Message[]> {
  return (await chat.store.history(chat.userId, chat.id, { limit: 100 })).messages;
}

/** `q0` with two answers, of which the second is shown; the first one has a turn after it. */
async function twoBranches(store: TestChat['store']) {
  const chat = await TestChat.create(store);
  const [first, second]: StartedRun[] = [await chat.turn('q0', 'a0'), await chat.turn('q1', 'a1')];
  if (!first || !second) throw new Error('expected two turns');
  const again = startedOf(await regenerate(chat, first.message.id));
  await store.finish(completed(again, 'a0 again'));
  return { chat, first, second, again };
}

function chatOf({ store, userId }: TestChat, id: ChatId): TestChat {
  return Object.assign(new TestChat(store, userId), { id });
}
