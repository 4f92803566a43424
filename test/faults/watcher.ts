import { setTimeout as delay } from 'node:timers/promises';
import type { ChatId } from '../../shared/ids.ts';
import type { AnswerTo, Finding } from './audit.ts';
import type { Dice } from './dice.ts';
import { startFaultProxy } from './fault-proxy.ts';
import type { FaultProxy } from './fault-proxy.ts';
import { calm, drawFate } from './link-fate.ts';
import type { LinkFate } from './link-fate.ts';
import type { From } from './reader.ts';
import { Reader } from './reader.ts';

/** Milliseconds between two links: whoever is refused must not ask a thousand times a second. */
const pauseMs = 10;

interface WatcherOptions {
  readonly chatId: ChatId;
  readonly target: () => string;
  readonly dice: Dice;
}

/** A reader on links that break in every way; it comes back each time, mostly where it was. */
export class Watcher implements AsyncDisposable {
  readonly reader: Reader;
  readonly #dice: Dice;
  readonly #fates: Dice;
  readonly #ends: Promise<void>[] = [];
  #isCalm = false;
  #isOver = false;
  #cuts = 0;
  #leave: () => void = () => {};

  static async start({ chatId, target, dice }: WatcherOptions): Promise<Watcher> {
    const watcher = new Watcher(chatId, dice);
    const proxy = await startFaultProxy({
      target,
      random: dice.fork().roll,
      fate: (before) => watcher.#nextFate(before),
      onEnd: () => watcher.#leave(),
    });
    watcher.#ends.push(watcher.#follow(proxy));
    return watcher;
  }

  private constructor(chatId: ChatId, dice: Dice) {
    this.reader = new Reader(chatId);
    this.#dice = dice;
    this.#fates = dice.fork();
  }

  /** Nothing breaks any more: it comes back once more, because a slow link would stay slow. */
  calmDown(): void {
    this.#isCalm = true;
    this.#leave();
  }

  judge(answerTo: AnswerTo): Finding {
    const { violations, tally } = this.reader.judge(answerTo);
    return { violations, tally: { ...tally, cuts: this.#cuts } };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    this.#leave();
    await Promise.all(this.#ends);
  }

  async #follow(proxy: FaultProxy): Promise<void> {
    while (!this.#isOver) {
      const left = new Promise<void>((resolve) => {
        this.#leave = resolve;
      });
      const { streams } = this.reader;
      await Promise.race([this.#watch(proxy.url), left]);
      // A server that is not there cuts nobody.
      if (!this.#isOver && this.reader.streams > streams) this.#cuts += 1;
      await delay(pauseMs);
    }
    this.reader.cut();
    await proxy[Symbol.asyncDispose]();
  }

  /** Until the socket closes; for ever when the link breaks without a word. */
  async #watch(url: string): Promise<void> {
    try {
      const client = await this.reader.connect(url, this.#from());
      if (client && client.closeCode === null) await new Promise((resolve) => client.socket.once('close', resolve));
    } catch {
      // The link broke before it was open; the next one may not.
    }
  }

  #nextFate(before: number): LinkFate {
    return this.#isCalm ? calm : drawFate(this.#fates, before, ['reset', 'close', 'half-open', 'stalled']);
  }

  #from(): From {
    if (this.#dice.chance(0.05)) return 'nowhere';
    if (this.#dice.chance(0.05)) return 'nonsense';
    return { eventsBack: this.#dice.chance(0.3) ? this.#dice.between(1, 6) : 0 };
  }
}
