import { startModelProvider } from '../helpers/model-provider.ts';
import type { ModelProvider, ProviderChunk, ProviderRequest } from '../helpers/model-provider.ts';

/** How the test lets an answer end. */
export type AnswerEnd = 'finish' | 'reset' | 'close';

/** Signs of one to four bytes, a joined emoji and a line break, so that cutting in the wrong place shows. */
const decorations = ['', 'é', '漢字', '🙂', '👩‍👩‍👧', '\n'];

interface Answer {
  readonly request: ProviderRequest;
  readonly question: string;
  /** Which answer to the question it is, from 1. */
  readonly call: number;
  readonly waiting: ProviderChunk[];
  end: AnswerEnd | null;
  wake: () => void;
}

/** A model that says what the test tells it to, word by word, and remembers what it said to which question. */
export class ProviderByHand implements AsyncDisposable {
  /** Once true every answer, also of requests still to come, ends by itself. */
  isHasty = false;
  /** By question, and by which of its answers. */
  readonly #said = new Map<string, string>();
  readonly #asked = new Map<string, number>();
  #answer: Answer | null = null;
  #provider: ModelProvider | null = null;

  static async start(): Promise<ProviderByHand> {
    const provider = new ProviderByHand();
    provider.#provider = await startModelProvider({ answer: (request) => provider.#take(request) });
    return provider;
  }

  get url(): string {
    return this.#provider?.url ?? '';
  }

  /** Whether somebody is being answered. */
  get isOpen(): boolean {
    return this.#answer !== null && !this.#answer.request.signal.aborted && this.#answer.end === null;
  }

  /** @param text how the answer that is meant begins, since a question may have several; absent: the newest */
  said(question: string, text = ''): string {
    const call = Number(/^q\d+\.(\d+):/.exec(text)?.[1] ?? this.asked(question));
    return this.#said.get(`${question}.${call}`) ?? '';
  }

  /** Calls of the model for a question. */
  asked(question: string): number {
    return this.#asked.get(question) ?? 0;
  }

  /** Says so many more words in one go. */
  say(words: number): void {
    const answer = this.#answer;
    if (!answer || !this.isOpen) return;
    const key = `${answer.question}.${answer.call}`;
    for (let word = 0; word < words; word += 1) {
      const have = this.#said.get(key) ?? '';
      const token = `${key}:${have.length}${decorations[have.length % decorations.length] ?? ''} `;
      this.#said.set(key, have + token);
      answer.waiting.push(token);
    }
    answer.wake();
  }

  /** Ends the answer, after a word at least: a model that has said nothing would be asked again. */
  end(how: AnswerEnd): void {
    const answer = this.#answer;
    if (!answer || !this.isOpen) return;
    if (!this.#said.has(`${answer.question}.${answer.call}`)) this.say(1);
    answer.end = how;
    answer.wake();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#provider?.close();
  }

  #take(request: ProviderRequest): AsyncIterable<ProviderChunk> {
    const question = questionOf(request);
    const call = this.asked(question) + 1;
    this.#asked.set(question, call);
    const answer: Answer = { request, question, call, waiting: [], end: null, wake: () => {} };
    this.#answer = answer;
    if (this.isHasty) {
      this.say(2);
      this.end('finish');
    }
    return chunks(answer);
  }
}

async function* chunks(answer: Answer): AsyncIterable<ProviderChunk> {
  answer.request.signal.addEventListener('abort', () => answer.wake(), { once: true });
  while (!answer.request.signal.aborted) {
    for (let chunk = answer.waiting.shift(); chunk !== undefined; chunk = answer.waiting.shift()) yield chunk;
    if (answer.end === 'finish') return;
    if (answer.end !== null) yield { end: answer.end };
    if (answer.end !== null) return;
    await new Promise<void>((resolve) => {
      answer.wake = resolve;
    });
  }
}

/** After an answer without text two questions in a row are told as one message. */
function questionOf({ text }: ProviderRequest): string {
  return /q\d+$/.exec(text)?.[0] ?? text;
}
