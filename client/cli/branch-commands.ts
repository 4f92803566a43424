import type { Message } from '../../shared/message.ts';
import type { Conversation } from './conversation.ts';
import { Refused } from './ending.ts';
import type { SlashCommands } from './slash-command.ts';
import { followSent } from './turn.ts';

/** Other answers, other messages, and chats of their own: what was said before stays. */
export const branchCommands: SlashCommands = {
  regenerate: {
    usage: '/regenerate',
    meaning: 'another answer to the last message; the first one stays on its branch',
    async run(conversation, _, interrupts) {
      const chat = conversation.begun('/regenerate');
      const turn = conversation.turnIn(chat, interrupts);
      const { id } = await lastMessage(conversation, '/regenerate');
      const { client } = conversation.session;
      return followSent(turn, await client.regenerate({ chatId: chat.id, messageId: id }, { signal: turn.leave }));
    },
  },
  edit: {
    usage: '/edit WORDS',
    meaning: 'say this in place of your last message, which stays on its branch',
    async run(conversation, text, interrupts) {
      const chat = conversation.begun('/edit');
      if (text === '') throw new Refused('/edit: expected what to say in place of your last message, got nothing');
      const turn = conversation.turnIn(chat, interrupts);
      const { id } = await lastMessage(conversation, '/edit', 'user');
      const { client } = conversation.session;
      return followSent(turn, await client.edit({ chatId: chat.id, messageId: id, text }, { signal: turn.leave }));
    },
  },
  fork: {
    usage: '/fork',
    meaning: 'go on in a copy of this chat; the original stays as it is',
    async run(conversation, _, interrupts) {
      const chat = conversation.begun('/fork');
      const { id } = await lastMessage(conversation, '/fork');
      const fork = await conversation.session.client.api.chat.fork.mutate({ chatId: chat.id, messageId: id });
      return conversation.enter(fork, interrupts);
    },
  },
};

/** The last message of the branch that is shown. Errors: `Refused` when there is none. */
async function lastMessage(conversation: Conversation, command: string, role?: Message['role']): Promise<Message> {
  const { id: chatId } = conversation.begun(command);
  // An answer stands after its message, so that two have one of each.
  const { messages } = await conversation.session.client.api.chat.history.query({ chatId, limit: 2 });
  const found = messages.findLast((message) => role === undefined || message.role === role);
  if (found) return found;
  throw new Refused(`${command}: nothing was said in this chat yet`);
}
