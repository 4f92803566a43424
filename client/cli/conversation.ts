import type { Attachment } from '../index.ts';
import type { Chat } from '../../shared/chat.ts';
import type { ListedChat } from '../../shared/listed-chat.ts';
import type { Run } from '../../shared/run.ts';
import { appLines, chooseApp, listApps } from './apps.ts';
import type { AppChoice } from './apps.ts';
import { chatLine } from './chat-line.ts';
import { Refused } from './ending.ts';
import { createChat } from './find-chat.ts';
import type { Interrupts } from './interrupts.ts';
import type { LineSource } from './line-source.ts';
import { recentWords } from './recent.ts';
import type { Session } from './session.ts';
import { findCommand } from './slash-commands.ts';
import { followRun, takeTurn } from './turn.ts';
import type { Turn } from './turn.ts';

export interface ConversationOptions {
  readonly session: Session;
  /** Where its lines come from, and where a person sits who may give commands and wants to be told more. */
  readonly lines: LineSource;
  /** The chat to go on in; null: the first message begins a new one. */
  readonly chat: Chat | null;
  /** Who answers in a new chat; undefined: the server's default. */
  readonly app: Chat['app'] | undefined;
  readonly showReasoning: boolean;
}

/** What a line came to: an exit code, null for none, or the end of the conversation. */
export type Taken = number | 'leave' | null;

/** Chats that `/chats` lists. */
const listedChats = 20;

/** Messages of a chat that are shown when it is opened. */
const recentMessages = 6;

/** What a person says and asks for, line by line: messages, and at a terminal commands that begin with `/`. */
export class Conversation {
  readonly #options: ConversationOptions;
  #chat: Chat | null;
  #app: Chat['app'] | undefined;
  /** What the next line chooses from. */
  #choices: readonly AppChoice[] | null = null;
  #listed: readonly ListedChat[] = [];
  /** What waited when it was last listed. */
  waiting: readonly Run[] = [];
  /** What goes with the next message. */
  attached: readonly Attachment[] = [];

  constructor(options: ConversationOptions) {
    this.#options = options;
    this.#chat = options.chat;
    this.#app = options.app;
  }

  get prompt(): string {
    return this.#choices ? 'who answers? ' : '> ';
  }

  get chat(): Chat | null {
    return this.#chat;
  }

  get session(): Session {
    return this.#options.session;
  }

  /** Shows where the conversation goes on, and the answer that is being written there. */
  async begin(turn: Interrupts): Promise<Taken> {
    const { lines, session } = this.#options;
    if (this.#chat) return this.enter(this.#chat, turn);
    if (lines.isInteractive) session.screen.notice('a new chat; /help lists the commands, Ctrl-D leaves');
    return null;
  }

  async take(line: string, turn: Interrupts): Promise<Taken> {
    if (this.#choices) return this.#choose(this.#choices, line.trim());
    if (line.trim() === '') return null;
    if (!this.#options.lines.isInteractive || !line.startsWith('/')) return this.#say(line, turn);
    const [name = '', ...words] = line.slice(1).trim().split(/\s+/);
    return findCommand(name).run(this, words.join(' '), turn);
  }

  /** The next message begins a new chat. Without a name, at the end of the list, the next line chooses who answers. */
  async beginNew(wanted: string): Promise<Taken> {
    const { client, screen } = this.session;
    const apps = await listApps(client);
    if (wanted !== '') return this.#setApp(chooseApp(apps, wanted, '/new'));
    screen.notice(`${appLines(apps)}\nA number or a name; nothing for the first.`);
    this.#choices = apps;
    return null;
  }

  async list(): Promise<void> {
    const { client, screen } = this.session;
    this.#listed = (await client.api.chat.list.query({ limit: listedChats })).chats;
    const lines = this.#listed.map((chat, index) => `${String(index + 1).padStart(3)}  ${chatLine(chat)}`);
    screen.notice(lines.length > 0 ? `${lines.join('\n')}\n/open NUMBER opens one.` : 'no chats yet');
  }

  /** By its number in the last list, or by its id. */
  async open(wanted: string, turn: Interrupts): Promise<Taken> {
    if (wanted === '') throw new Refused('/open: expected a number of /chats or the id of a chat, got nothing');
    if (/^\d{1,3}$/.test(wanted) && this.#listed.length === 0) await this.list();
    const chatId = /^\d{1,3}$/.test(wanted) ? this.#listed[Number(wanted) - 1]?.id : wanted;
    if (chatId === undefined) {
      throw new Refused(`/open: expected a number from 1 to ${this.#listed.length}, got ${wanted}`);
    }
    return this.enter((await this.session.client.api.chat.get.query({ chatId })).chat, turn);
  }

  rename(title: string): Promise<Chat> {
    return this.session.client.api.chat.rename.mutate({ chatId: this.begun('/title').id, title });
  }

  /** Stops what is being written in this chat, whoever asked for it. False when there was nothing. */
  async stop(): Promise<boolean> {
    if (!this.#chat) return false;
    return (await this.session.client.stop({ chatId: this.#chat.id })).runId !== null;
  }

  /** The chat that a command is about. Errors: `Refused` before the first message. */
  begun(command: string): Chat {
    if (this.#chat) return this.#chat;
    throw new Refused(`${command}: this chat begins with its first message; write one first`);
  }

  async #say(text: string, turn: Interrupts): Promise<number> {
    const attachments = this.attached;
    if (!this.#chat) {
      this.#chat = await createChat(this.session.client, { text, attachments }, this.#app);
      this.session.screen.notice(`chat ${this.#chat.id}`);
    }
    this.attached = [];
    try {
      return await takeTurn(this.turnIn(this.#chat, turn), { text, attachments });
    } catch (error) {
      // A message that was refused may be said again.
      this.attached = attachments;
      throw error;
    }
  }

  /** Goes on in this chat, and shows the answer that is being written there. */
  async enter(chat: Chat, turn: Interrupts): Promise<Taken> {
    this.#chat = chat;
    this.waiting = [];
    const { client, screen } = this.session;
    const { messages } = await client.api.chat.history.query({ chatId: chat.id, limit: recentMessages });
    screen.notice(`chat ${chat.id}${chat.title === null ? '' : `  ${chat.title}`}`);
    if (messages.length > 0) screen.notice(recentWords(messages));
    const { activeRunId } = chat;
    if (activeRunId === null) {
      await client.api.chat.markRead.mutate({ chatId: chat.id }).catch(() => {});
      return null;
    }
    screen.notice('an answer is being written:');
    return followRun(this.turnIn(chat, turn), { runId: activeRunId });
  }

  #choose(choices: readonly AppChoice[], wanted: string): Taken {
    const choice = chooseApp(choices, wanted === '' ? '1' : wanted, 'who answers');
    this.#choices = null;
    return this.#setApp(choice);
  }

  #setApp({ app, name }: AppChoice): null {
    this.#app = app;
    this.#chat = null;
    this.session.screen.notice(`a new chat with ${name}`);
    return null;
  }

  turnIn(chat: Chat, { first, second }: Interrupts): Turn {
    const { lines, session, showReasoning } = this.#options;
    return {
      session,
      chat,
      showReasoning,
      lines: () => lines,
      stop: first,
      leave: AbortSignal.any([session.gone, second]),
    };
  }
}
