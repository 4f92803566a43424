import { setTimeout as delay } from 'node:timers/promises';
import type { RespondReply } from '../../server/chat-manager.ts';
import type { Chat } from '../../shared/chat.ts';
import type { ChatView } from '../../shared/events.ts';
import type { ChatId, MessageId } from '../../shared/ids.ts';
import type { OnBusy } from '../../shared/inputs.ts';
import { textOf } from '../../shared/message.ts';
import type { Message } from '../../shared/message.ts';
import { newId } from '../../shared/new-id.ts';
import type { Run } from '../../shared/run.ts';
import { Reader } from '../faults/reader.ts';
import type { From } from '../faults/reader.ts';
import { until } from '../faults/until.ts';
import { RawClient } from '../helpers/raw-client.ts';
import type { WireError } from '../helpers/raw-client.ts';
import type { Ground } from './ground.ts';
import type { AnswerEnd } from './provider.ts';

/** Milliseconds in which anything that has to come has come. */
const soonMs = 10_000;

interface Ask {
  readonly path: 'chat.send' | 'chat.edit' | 'chat.regenerate';
  readonly input: Readonly<Record<string, unknown>>;
}

interface Sent {
  /** The person's message. */
  readonly messageId: MessageId;
  readonly text: string;
  readonly ask: Ask;
  /** What the server said first; null where its answer was lost. */
  readonly reply: { readonly runId: string; readonly cursor: string } | null;
}

/** One chat of a story: whoever writes, whoever watches, and what they were promised. */
export class ToldChat {
  readonly id: ChatId;
  readonly tabs: Reader[] = [];
  readonly sent: Sent[] = [];
  /** What questions that waited were changed to. */
  readonly edited: string[] = [];
  /** Answers that counted, by their question. */
  readonly answers = new Map<string, unknown>();
  /** Links of tabs that were cut. */
  cuts = 0;
  readonly #ground: Ground;
  /** Messages that were seen on some branch. */
  readonly #everShown = new Set<MessageId>();
  #client: RawClient;

  static async start(ground: Ground): Promise<ToldChat> {
    const client = await RawClient.connect(ground.server.url);
    const { id } = await client.mutate<Chat>('chat.create', {});
    const chat = new ToldChat(ground, client, id);
    await chat.openTab();
    return chat;
  }

  private constructor(ground: Ground, client: RawClient, id: ChatId) {
    this.#ground = ground;
    this.#client = client;
    this.id = id;
  }

  get client(): RawClient {
    return this.#client;
  }

  async send(onBusy: OnBusy): Promise<void> {
    await this.#ask(this.#newMessage(onBusy));
  }

  /** Another answer to one of the messages that are shown. */
  async regenerate(index: number, onBusy: OnBusy): Promise<void> {
    const shown = await this.#shown();
    const named = shown[index % shown.length];
    const question = named?.role === 'user' ? named : shown.find(({ id }) => id === named?.parentId);
    if (!named || !question) return;
    const input = { messageId: named.id, newMessageId: newId<MessageId>(), onBusy };
    await this.#ask({ messageId: question.id, text: textOf(question), ask: { path: 'chat.regenerate', input } });
  }

  async edit(index: number, onBusy: OnBusy): Promise<void> {
    const shown = (await this.#shown()).filter(({ role }) => role === 'user');
    const named = shown[index % shown.length];
    if (!named) return;
    const { messageId, text } = this.#newMessage(onBusy);
    const input = { messageId: named.id, newMessageId: messageId, text, onBusy };
    await this.#ask({ messageId, text, ask: { path: 'chat.edit', input } });
  }

  /** Shows the branch of a message that was shown before. */
  async select(index: number): Promise<void> {
    await this.#shown();
    const ids = [...this.#everShown];
    const messageId = ids[index % ids.length];
    if (messageId) await this.#client.mutate('chat.selectBranch', { chatId: this.id, messageId });
  }

  /** How often another answer to this question was asked for. */
  regenerated(question: string): number {
    return this.sent.filter(({ text, ask }) => text === question && ask.path === 'chat.regenerate').length;
  }

  /** Once more: the answer is the first one again. */
  async repeat(index: number): Promise<void> {
    const message = this.sent[index % this.sent.length];
    if (!message) return;
    const reply = await this.#transmit(message);
    const { runId, cursor } = message.reply ?? reply;
    if (reply.runId !== runId || reply.cursor !== cursor) {
      throw new Error(`${message.text} got run ${runId} at ${cursor}, repeated ${reply.runId} at ${reply.cursor}`);
    }
    this.sent[index % this.sent.length] = { ...message, reply };
  }

  async say(words: number): Promise<void> {
    await this.#untilAnswering();
    this.#ground.provider.say(words);
  }

  async end(how: AnswerEnd): Promise<void> {
    await this.#untilAnswering();
    this.#ground.provider.end(how);
  }

  async stop(): Promise<void> {
    await this.#client.mutate('chat.stop', { chatId: this.id });
  }

  /** The pending question, if there is one; its repeat is accepted as the answer was. */
  async answer(value: unknown = 'yes'): Promise<void> {
    const { pendingInput } = await this.#state();
    if (!pendingInput) return;
    const first = await this.#respond(pendingInput.id, value);
    const second = await this.#respond(pendingInput.id, value);
    if (first.accepted !== second.accepted)
      throw new Error(`question ${pendingInput.id}: ${JSON.stringify(first)}, repeated ${JSON.stringify(second)}`);
    await this.#untilGoneOn();
  }

  /** One counts at most, and the other one is told who was first. */
  async answerTwice(): Promise<void> {
    const { pendingInput } = await this.#state();
    if (!pendingInput) return;
    const { id } = pendingInput;
    await using other = await RawClient.connect(this.#ground.server.url);
    const replies = await Promise.all([this.#respond(id, 'yes'), this.#respond(id, 'no', other)]);
    const accepted = replies.filter((reply) => reply.accepted).length;
    const byExpiry = replies.every(({ answeredBy }) => answeredBy === 'expiry');
    if (accepted !== 1 && !(accepted === 0 && byExpiry))
      throw new Error(`question ${id}: two answers at once got ${JSON.stringify(replies)}`);
    await this.#untilGoneOn();
  }

  async expire(): Promise<void> {
    await this.#untilState(({ pendingInput }) => pendingInput?.expiresAt === undefined);
    await this.#untilGoneOn();
  }

  /** Until the question is there; another answer may have begun instead. */
  async ask(how: 'ask' | 'ask briefly'): Promise<void> {
    await this.end(how);
    await this.#untilGoneOn();
  }

  async stopAsked(): Promise<void> {
    await this.ask('ask');
    await this.stop();
  }

  async withdraw(waiting: number): Promise<void> {
    await this.#changeQueue('withdraw', (queue) => ({ runId: pick(queue, waiting) }));
  }

  async editWaiting(waiting: number): Promise<void> {
    const { text } = this.#newMessage('queue');
    this.edited.push(text);
    await this.#changeQueue('edit', (queue) => ({ runId: pick(queue, waiting), text }));
  }

  async move(waiting: number, before: number | null): Promise<void> {
    await this.#changeQueue('move', (queue) => ({
      runId: pick(queue, waiting),
      before: before === null ? null : pick(queue, before),
    }));
  }

  async resume(): Promise<void> {
    await this.#client.mutate('chat.queue.resume', { chatId: this.id });
  }

  async openTab(): Promise<void> {
    const tab = new Reader(this.id);
    this.tabs.push(tab);
    await tab.connect(this.#ground.server.url, 'nowhere');
  }

  /** One stays, so that somebody tells what happened. */
  closeTab(index: number): void {
    if (this.tabs.length < 2) return;
    const [tab] = this.tabs.splice(index % this.tabs.length, 1);
    tab?.cut();
  }

  cut(tab: Reader): void {
    if (tab.isConnected) this.cuts += 1;
    tab.cut();
  }

  async reconnect(index: number, from: From): Promise<void> {
    const tab = this.tab(index);
    this.cut(tab);
    await tab.connect(this.#ground.server.url, from);
  }

  /** Until the tab shows what was said; one that is not connected or does not read shows nothing new. */
  async look(index: number): Promise<void> {
    const tab = this.tab(index);
    if (!tab.isReading) return;
    await until(
      () => this.#showsAll(tab.view),
      () => `tab ${index} does not show what was said: ${JSON.stringify(tab.view?.messages.at(-1))}`,
      soonMs,
    );
  }

  async restart(): Promise<void> {
    await this.#ground.restart();
    // Who does not read does not see that its socket was closed.
    for (const tab of this.tabs) if (!tab.isReading) this.cut(tab);
    await this.#reconnectClient();
  }

  async kill(): Promise<void> {
    for (const tab of this.tabs) this.cut(tab);
    this.#client.cut();
    await this.#ground.killAndStart();
    await this.#reconnectClient();
  }

  /** The process dies while a message is on its way; whoever sent it sends it again. */
  async killWhileSending(): Promise<void> {
    const message = this.#newMessage('queue');
    void this.#transmit(message).catch(() => undefined);
    await this.#client.query('server.info').catch(() => undefined);
    await this.kill();
    this.sent.push({ ...message, reply: await this.#transmit(message) });
  }

  tab(index: number): Reader {
    const tab = this.tabs[index % this.tabs.length];
    if (!tab) throw new Error('expected a tab, got none');
    return tab;
  }

  /** What has started since is told so, and nothing else is refused. */
  async #changeQueue(what: string, input: (queue: readonly Run[]) => object): Promise<void> {
    const listed = await this.#client.query<Pick<ChatView, 'queue'>>('chat.queue.list', { chatId: this.id });
    // Who answers again has no text to edit.
    const queue = listed.queue.filter(({ kind }) => what !== 'edit' || kind !== 'regenerate');
    if (queue.length === 0) return;
    try {
      await this.#client.mutate(`chat.queue.${what}`, { chatId: this.id, ...input(queue) });
    } catch (error) {
      if ((error as WireError).data?.code !== 'NOT_FOUND') throw error;
    }
  }

  #state(): Promise<Pick<ChatView, 'activeRun' | 'pendingInput'>> {
    return this.#client.query('chat.get', { chatId: this.id });
  }

  async #respond(inputId: string, value: unknown, client = this.#client): Promise<RespondReply> {
    const reply = await client.mutate<RespondReply>('chat.respond', { chatId: this.id, inputId, value });
    if (reply.accepted) this.answers.set(inputId, value);
    return reply;
  }

  /** A run that goes on asks the model a moment later, unless it asks a person or ends. */
  #untilGoneOn(): Promise<void> {
    const { provider } = this.#ground;
    return this.#untilState(({ activeRun }) => provider.isOpen || activeRun?.status !== 'running');
  }

  async #untilState(condition: (state: Pick<ChatView, 'activeRun' | 'pendingInput'>) => boolean): Promise<void> {
    const deadline = performance.now() + soonMs;
    for (;;) {
      const state = await this.#state();
      if (condition(state)) return;
      if (performance.now() > deadline) throw new Error(`waited ${soonMs} ms in vain; got ${JSON.stringify(state)}`);
      await delay(5);
    }
  }

  #newMessage(onBusy: OnBusy): Omit<Sent, 'reply'> {
    questions += 1;
    const message = { messageId: newId<MessageId>(), text: `q${questions}` };
    return { ...message, ask: { path: 'chat.send', input: { ...message, onBusy } } };
  }

  /** Remembers what was acknowledged; a refusal because the chat is busy is as good. */
  async #ask(message: Omit<Sent, 'reply'>): Promise<void> {
    try {
      this.sent.push({ ...message, reply: await this.#transmit(message) });
    } catch (error) {
      if ((error as WireError).data?.code !== 'CONFLICT_BUSY') throw error;
    }
  }

  #transmit({ ask }: Omit<Sent, 'reply'>): Promise<{ runId: string; cursor: string }> {
    return this.#client.mutate(ask.path, { chatId: this.id, ...ask.input });
  }

  async #shown(): Promise<Message[]> {
    const { messages } = await this.#client.query<{ messages: Message[] }>('chat.history', { chatId: this.id });
    for (const { id } of messages) this.#everShown.add(id);
    return messages;
  }

  async #reconnectClient(): Promise<void> {
    this.#client = await RawClient.connect(this.#ground.server.url);
  }

  /** A run that has started asks the model a moment later. */
  async #untilAnswering(): Promise<void> {
    const { provider } = this.#ground;
    await until(
      () => provider.isOpen || this.#ground.server.census().runs === 0,
      () => 'a run is active and asks the model nothing',
      soonMs,
    );
  }

  #showsAll(view: ChatView | null): boolean {
    if (!view) return false;
    if (!view.activeRun) return true;
    const { messageId, text, userMessageId } = view.activeRun;
    const answer = view.messages.find(({ id }) => id === messageId);
    // Before its answer is added a run's message is the last one; otherwise it answers on another branch.
    if (!answer) return view.chat.leafMessageId !== userMessageId;
    return textOf(answer) === this.#ground.provider.said(text, textOf(answer));
  }
}

function pick(queue: readonly Run[], index: number): string | undefined {
  return queue[index % queue.length]?.id;
}

/** Every question of a process is another one, so that no answer is mistaken for that of another. */
let questions = 0;
