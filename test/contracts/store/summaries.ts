import { describe, expect, it } from 'vitest';
import type { Message } from '../../../shared/message.ts';
import { textOf } from '../../../shared/message.ts';
import type { MessageId } from '../../../shared/ids.ts';
import { newId } from '../../../shared/new-id.ts';
import { completed, startedOf, TestChat } from '../../helpers/store-chat.ts';
import type { StoreUnderTest } from '../store.ts';

export function describeSummaries({ open }: StoreUnderTest): void {
  /** What a model is told before this message: the summary, then texts. */
  const told = async (chat: TestChat, before: Pick<Message, 'id'>, limit = 9) => {
    const { summary, messages } = await chat.store.conversationBefore(chat.id, before.id, limit);
    return [summary, messages.map(textOf)] as const;
  };

  const threeTurns = async () => {
    const chat = await TestChat.create(open().store);
    const turns = [await chat.turn('q0', 'a0'), await chat.turn('q1', 'a1'), await chat.turn('q2', 'a2')] as const;
    return { chat, turns, next: (await chat.start('q3')).userMessage };
  };

  describe('summaries', () => {
    it('[CTX-3] stand for everything up to their message, and the newest one for those before it', async () => {
      const { chat, turns, next } = await threeTurns();
      expect(await told(chat, next)).toEqual([null, ['q0', 'a0', 'q1', 'a1', 'q2', 'a2']]);
      expect(await told(chat, next, 3)).toEqual([null, ['a1', 'q2', 'a2']]);
      const first = { messageId: turns[0].message.id, text: 'one' };
      await chat.store.keepSummary(chat.id, first);
      expect(await told(chat, next)).toEqual([first, ['q1', 'a1', 'q2', 'a2']]);
      const second = { messageId: turns[1].message.id, text: 'two' };
      await chat.store.keepSummary(chat.id, second);
      expect(await told(chat, next)).toEqual([second, ['q2', 'a2']]);
      expect(await told(chat, next, 2)).toEqual([null, ['q2', 'a2']]);
      expect(await told(chat, turns[2].userMessage)).toEqual([second, []]);
      expect(await told(chat, turns[1].userMessage)).toEqual([first, []]);
    });

    it('[CTX-3] that are kept once more stay as they were, and those of no message are nothing', async () => {
      const { chat, turns, next } = await threeTurns();
      const messageId = turns[0].message.id;
      for (const text of ['one', 'other']) await chat.store.keepSummary(chat.id, { messageId, text });
      await chat.store.keepSummary(chat.id, { messageId: newId<MessageId>(), text: 'of nothing' });
      expect((await told(chat, next))[0]).toEqual({ messageId, text: 'one' });
      expect(await open().countOfChat('summaries', chat.id)).toBe(1);
    });

    it('[CTX-4] count on every branch that their message is on, and on no other', async () => {
      const { chat, turns } = await threeTurns();
      await chat.store.requestStop(chat.userId, chat.id, undefined);
      const { activeRun } = await chat.state();
      await chat.store.finish({ runId: activeRun?.id as never, attempt: 1, status: 'stopped', parts: [] });
      const summary = { messageId: turns[1].message.id, text: 'two' };
      await chat.store.keepSummary(chat.id, summary);
      const branch = async (messageId: MessageId, text: string) => {
        const newMessageId = newId<MessageId>();
        const request = { chatId: chat.id, messageId, newMessageId, text, onBusy: 'queue', mayStart: true } as const;
        const started = startedOf(await chat.store.edit(chat.userId, request));
        await chat.store.finish(completed(started, `to ${text}`));
        return started.userMessage;
      };
      const after = await branch(turns[2].userMessage.id, 'q2 again');
      expect(await told(chat, after)).toEqual([summary, []]);
      const before = await branch(turns[1].userMessage.id, 'q1 again');
      expect(await told(chat, before)).toEqual([null, ['q0', 'a0']]);
      const followed = await chat.start('q4');
      expect(await told(chat, followed.userMessage)).toEqual([null, ['q0', 'a0', 'q1 again', 'to q1 again']]);
      await chat.store.selectBranch(chat.userId, chat.id, turns[2].message.id);
      expect(await told(chat, turns[2].message)).toEqual([summary, ['q2']]);
    });

    it('[CTX-4] of a message are not for its own answer', async () => {
      const { chat, turns } = await threeTurns();
      await chat.store.keepSummary(chat.id, { messageId: turns[1].userMessage.id, text: 'to q1' });
      expect(await told(chat, turns[1].userMessage)).toEqual([null, ['q0', 'a0']]);
      expect(await told(chat, turns[1].message)).toEqual([{ messageId: turns[1].userMessage.id, text: 'to q1' }, []]);
    });

    it('[CTX-4] go along with a fork that has their message, and go with their chat', async () => {
      const { chat, turns } = await threeTurns();
      for (const [index, text] of ['one', 'two', 'three'].entries())
        await chat.store.keepSummary(chat.id, { messageId: turns[index]!.message.id, text });
      const fork = new TestChat(chat.store, chat.userId);
      await chat.store.fork(chat.userId, {
        chatId: chat.id,
        messageId: turns[1].message.id,
        newChatId: fork.id,
        title: null,
      });
      await chat.store.deleteChat(chat.userId, chat.id);
      expect(await open().countOfChat('summaries', chat.id)).toBe(0);
      expect(await open().countOfChat('summaries', fork.id)).toBe(2);
      const { userMessage } = await fork.start('on');
      expect(await told(fork, userMessage)).toEqual([{ messageId: userMessage.parentId, text: 'two' }, []]);
      await chat.store.keepSummary(chat.id, { messageId: turns[0].message.id, text: 'too late' });
      expect(await open().countOfChat('summaries', chat.id)).toBe(0);
    });
  });
}
