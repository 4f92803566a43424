import type { Run } from '../../shared/run.ts';
import { cutText } from '../../shared/text.ts';
import type { Conversation, Taken } from './conversation.ts';
import { Refused } from './ending.ts';
import { exitCodes } from './exit-codes.ts';
import type { Interrupts } from './interrupts.ts';
import type { SlashCommands } from './slash-command.ts';
import { followRun } from './turn.ts';

/** UTF-16 units of a waiting message that are repeated. */
const waitingText = 200;

export const queueCommands: SlashCommands = {
  queue: {
    usage: '/queue',
    meaning: 'the messages that wait; /queue drop NUMBER takes one out, /queue go lets a paused queue go on',
    async run(conversation, argument, interrupts) {
      const [what = '', number = ''] = argument.split(/\s+/);
      if (what === '') return list(conversation);
      if (what === 'drop') return drop(conversation, number);
      if (what === 'go') return go(conversation, interrupts);
      throw new Refused(`/queue: expected nothing, drop NUMBER or go, got ${what}`);
    },
  },
};

async function list(conversation: Conversation): Promise<null> {
  const { id: chatId } = conversation.begun('/queue');
  const { chat, queue } = await conversation.session.client.api.chat.get.query({ chatId });
  conversation.waiting = queue;
  const lines = queue.map((run, index) => `${String(index + 1).padStart(3)}  ${words(run)}`);
  if (chat.queuePaused) lines.push('paused; /queue go lets it go on');
  conversation.session.screen.notice(lines.length > 0 ? lines.join('\n') : 'nothing waits in this chat');
  return null;
}

/** By its number in the last list, so that a queue that has changed since loses no other message. */
async function drop(conversation: Conversation, number: string): Promise<null> {
  const { id: chatId } = conversation.begun('/queue');
  if (conversation.waiting.length === 0) await list(conversation);
  const run = conversation.waiting[Number(number) - 1];
  if (!run) {
    throw new Refused(
      `/queue drop: expected a number from 1 to ${conversation.waiting.length}, got ${number || 'none'}`,
    );
  }
  await conversation.session.client.api.chat.queue.withdraw.mutate({ chatId, runId: run.id });
  conversation.session.screen.notice(`dropped: ${words(run)}`);
  return null;
}

/** Shows the answers to what waited, one after the other. */
async function go(conversation: Conversation, interrupts: Interrupts): Promise<Taken> {
  const chat = conversation.begun('/queue');
  const { api } = conversation.session.client;
  const { queue } = await api.chat.queue.list.query({ chatId: chat.id });
  await api.chat.queue.resume.mutate({ chatId: chat.id });
  if (queue.length === 0) conversation.session.screen.notice('nothing waits in this chat');
  let code: number | null = null;
  for (const run of queue) {
    conversation.session.screen.notice(`> ${words(run)}`);
    code = await followRun(conversation.turnIn(chat, interrupts), { runId: run.id });
    if (code !== exitCodes.completed) break;
  }
  return code;
}

function words({ text }: Run): string {
  return cutText(text.replaceAll(/\s+/g, ' '), waitingText);
}
