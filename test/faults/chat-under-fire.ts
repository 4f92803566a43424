import type { Chat } from '../../shared/chat.ts';
import { cursorWriter, parseCursor } from '../../shared/cursor.ts';
import type { ChatEvent, ChatView } from '../../shared/events.ts';
import type { ChatId } from '../../shared/ids.ts';
import { RawClient } from '../helpers/raw-client.ts';
import { Author } from './author.ts';
import type { Dice } from './dice.ts';
import { differences, storedChat, wrongHistory } from './oracle.ts';
import type { Tally } from './tally.ts';
import { addTally, newTally } from './tally.ts';
import { toldAnswer } from './told-answer.ts';
import { until } from './until.ts';
import { Watcher } from './watcher.ts';

/** Milliseconds in which everybody has caught up once nothing breaks any more. */
const calmMs = 20_000;

interface Options {
  readonly target: () => string;
  readonly dice: Dice;
}

/** One chat with an author and watchers, all on bad links, and what becomes of it. */
export class ChatUnderFire implements AsyncDisposable {
  readonly author: Author;
  readonly #chatId: ChatId;
  readonly #target: () => string;
  readonly #watchers: readonly Watcher[];

  static async start({ target, dice }: Options): Promise<ChatUnderFire> {
    await using client = await RawClient.connect(target());
    const { id: chatId } = await client.mutate<Chat>('chat.create', {});
    const watchers = Array.from({ length: dice.between(1, 3) }, () =>
      Watcher.start({ chatId, target, dice: dice.fork() }),
    );
    const author = await Author.start({ chatId, target, dice: dice.fork() });
    return new ChatUnderFire(chatId, target, author, await Promise.all(watchers));
  }

  private constructor(chatId: ChatId, target: () => string, author: Author, watchers: readonly Watcher[]) {
    this.author = author;
    this.#chatId = chatId;
    this.#target = target;
    this.#watchers = watchers;
  }

  /** Lets the links heal and all runs end; then everybody has to have what is stored. Errors: what is not as it should be. */
  async judge(): Promise<Tally> {
    for (const one of [this.author, ...this.#watchers]) one.calmDown();
    await using client = await RawClient.connect(this.#target());
    await client.mutate('chat.queue.resume', { chatId: this.#chatId });
    const live = client.stream({ chatId: this.#chatId });
    await live.until(({ view }) => view !== null && isIdle(view), calmMs);
    const stored = await storedChat(client, this.#chatId);
    for (const [name, view] of this.#views()) {
      await until(
        () => differences(view(), stored).length === 0,
        () => `${name} did not catch up:\n${differences(view(), stored).join('\n')}`,
        calmMs,
      );
    }
    const history = await this.#history(client, live.cursor);
    return this.#findings(wrongHistory(history, this.author.acknowledged));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.author, ...this.#watchers].map((one) => one[Symbol.asyncDispose]()));
  }

  #views(): [name: string, view: () => ChatView | null][] {
    const watchers = this.#watchers.map(({ reader }, index): [string, () => ChatView | null] => [
      `watcher ${index}`,
      () => reader.view,
    ]);
    return [['the author', () => this.author.store.get().view], ...watchers];
  }

  /** From before the first entry of the chat's log up to a cursor: whatever happened comes once, in order. */
  async #history(client: RawClient, end: string | undefined): Promise<ChatEvent[]> {
    const seqOf = (cursor: string | undefined) => parseCursor(this.#chatId, cursor ?? '')?.chatSeq ?? 0;
    const start = cursorWriter(this.#chatId)({ chatSeq: 0, runSeq: 0 });
    const whole = client.stream({ chatId: this.#chatId, lastEventId: start });
    await whole.until(({ cursor }) => seqOf(cursor) >= seqOf(end), calmMs);
    return whole.events;
  }

  #findings(wrong: readonly string[]): Tally {
    const sum: Tally = { ...newTally(), cuts: this.author.cuts };
    const violations = this.#watchers.flatMap((watcher, index) => {
      const { violations, tally } = watcher.judge(toldAnswer);
      addTally(sum, tally);
      return violations.map((violation) => `watcher ${index}, ${violation}`);
    });
    if (wrong.length + violations.length > 0) throw new Error([...wrong, ...violations].join('\n'));
    return sum;
  }
}

function isIdle({ activeRun, queue }: ChatView): boolean {
  return activeRun === null && queue.length === 0;
}
