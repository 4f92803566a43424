import type { Step } from './step.ts';
import type { ToldChat } from './told-chat.ts';

type Of<Type extends Step['type']> = Extract<Step, { type: Type }>;

const acts: { readonly [Type in Step['type']]: (chat: ToldChat, step: Of<Type>) => unknown } = {
  send: (chat, { onBusy }) => chat.send(onBusy),
  repeat: (chat, { message }) => chat.repeat(message),
  regenerate: (chat, { message, onBusy }) => chat.regenerate(message, onBusy),
  edit: (chat, { message, onBusy }) => chat.edit(message, onBusy),
  select: (chat, { message }) => chat.select(message),
  say: (chat, { words }) => chat.say(words),
  end: (chat, { how }) => chat.end(how),
  stop: (chat) => chat.stop(),
  ask: (chat, { how }) => chat.ask(how),
  answer: (chat) => chat.answer(),
  answerTwice: (chat) => chat.answerTwice(),
  expire: (chat) => chat.expire(),
  stopAsked: (chat) => chat.stopAsked(),
  withdraw: (chat, { waiting }) => chat.withdraw(waiting),
  editWaiting: (chat, { waiting }) => chat.editWaiting(waiting),
  move: (chat, { waiting, before }) => chat.move(waiting, before),
  resume: (chat) => chat.resume(),
  rename: (chat, { title }) => chat.client.mutate('chat.rename', { chatId: chat.id, title: `title ${title}` }),
  archive: (chat, { archived }) => chat.client.mutate('chat.archive', { chatId: chat.id, archived }),
  cut: (chat, { tab }) => chat.cut(chat.tab(tab)),
  reconnect: (chat, { tab, from }) => chat.reconnect(tab, from),
  stall: (chat, { tab }) => chat.tab(tab).stall(),
  goOn: (chat, { tab }) => chat.tab(tab).goOn(),
  open: (chat) => chat.openTab(),
  close: (chat, { tab }) => chat.closeTab(tab),
  look: (chat, { tab }) => chat.look(tab),
  restart: (chat, { how }) => {
    if (how === 'drained') return chat.restart();
    return how === 'killed' ? chat.kill() : chat.killWhileSending();
  },
};

/** Lets one thing happen, and waits for the answer where there is one. */
export async function tell(chat: ToldChat, step: Step): Promise<void> {
  const act = acts[step.type] as (chat: ToldChat, step: Step) => unknown;
  await act(chat, step);
}
