import { TRPCClientError } from '@trpc/client';
import { createChatClient } from '../../client/index.ts';
import type { ChatClient, ChatStore } from '../../client/index.ts';
import { codeOf, wasAnswered } from '../../client/call-error.ts';
import type { ChatId } from '../../shared/ids.ts';
import { newId } from '../../shared/new-id.ts';
import type { Dice } from './dice.ts';
import { startFaultProxy } from './fault-proxy.ts';
import type { FaultProxy } from './fault-proxy.ts';
import { calm, drawFate } from './link-fate.ts';
import { newQuestion } from './told-answer.ts';

interface AuthorOptions {
  readonly chatId: ChatId;
  readonly target: () => string;
  readonly dice: Dice;
}

/** Whoever writes in a chat: our own client on a bad link, which has to get everything through exactly once. */
export class Author implements AsyncDisposable {
  /** Messages that the server has said it has. */
  readonly acknowledged = new Set<string>();
  readonly store: ChatStore;
  readonly #client: ChatClient;
  readonly #proxy: FaultProxy;
  readonly #chatId: ChatId;
  readonly #dice: Dice;
  readonly #becomeCalm: () => void;

  static async start({ chatId, target, dice }: AuthorOptions): Promise<Author> {
    const fates = dice.fork();
    const state = { isCalm: false };
    // It finds a silent link by its heartbeat only, after eight seconds: those ends have tests of their own.
    const fate = (before: number) => (state.isCalm ? calm : drawFate(fates, before, ['reset', 'close']));
    const proxy = await startFaultProxy({ target, random: dice.fork().roll, fate });
    return new Author(chatId, proxy, dice, () => {
      state.isCalm = true;
    });
  }

  private constructor(chatId: ChatId, proxy: FaultProxy, dice: Dice, becomeCalm: () => void) {
    const jitter = dice.fork();
    // A hundredth of the waits that people get: what is tested is what happens after them.
    this.#client = createChatClient({ url: proxy.url, random: () => jitter.roll() / 100 });
    this.store = this.#client.open(chatId);
    this.#chatId = chatId;
    this.#proxy = proxy;
    this.#dice = dice;
    this.#becomeCalm = becomeCalm;
  }

  get cuts(): number {
    return this.#proxy.ended;
  }

  /** Nothing breaks any more: it comes back once more, because a slow link would stay slow. */
  calmDown(): void {
    this.#becomeCalm();
    this.#proxy.reset();
  }

  /** One thing that people do in a chat; resolves when the server has answered it, or the answer was lost. */
  async act(): Promise<void> {
    const acts = [this.#send, this.#send, this.#repeat, this.#stop, this.#resume, this.#rename, this.#archive];
    try {
      await this.#dice.pick(acts)();
    } catch (error) {
      // What is called once may be lost with its link, and a busy chat may say so; everything else is wrong.
      const isExpected = wasAnswered(error) ? codeOf(error) === 'CONFLICT_BUSY' : error instanceof TRPCClientError;
      if (!isExpected) throw error;
    }
  }

  readonly #send = (): Promise<void> => this.#transmit(1);

  /** The same message several times at once, as after a double click. */
  readonly #repeat = (): Promise<void> => this.#transmit(this.#dice.between(2, 5));

  async #transmit(copies: number): Promise<void> {
    const messageId = newId();
    const onBusy = this.#dice.pick(['queue', 'queue', 'queue', 'interrupt', 'reject', 'steer'] as const);
    const input = { chatId: this.#chatId, messageId, text: newQuestion(this.#dice), onBusy };
    const outcomes = await Promise.allSettled(Array.from({ length: copies }, () => this.#client.send(input)));
    const runIds = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value.runId] : []));
    if (runIds.length > 0) this.acknowledged.add(messageId);
    if (new Set(runIds).size > 1) throw new Error(`message ${messageId} got two runs`);
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }

  readonly #stop = async (): Promise<void> => {
    const { view } = this.store.get();
    const runs = [view?.activeRun, ...(view?.queue ?? [])].flatMap((run) => (run ? [run.id] : []));
    if (runs.length > 0) await this.#client.stop({ chatId: this.#chatId, runId: this.#dice.pick(runs) });
  };

  readonly #resume = async (): Promise<void> => {
    await this.#client.api.chat.queue.resume.mutate({ chatId: this.#chatId });
  };

  readonly #rename = async (): Promise<void> => {
    await this.#client.api.chat.rename.mutate({ chatId: this.#chatId, title: `title ${this.#dice.between(1, 999)}` });
  };

  readonly #archive = async (): Promise<void> => {
    await this.#client.api.chat.archive.mutate({ chatId: this.#chatId, archived: this.#dice.chance(0.5) });
  };

  async [Symbol.asyncDispose](): Promise<void> {
    this.store.close();
    await this.#client.close();
    await this.#proxy[Symbol.asyncDispose]();
  }
}
