import { startModelProvider } from '../helpers/model-provider.ts';
import type { ModelProvider, ProviderChunk, ProviderRequest } from '../helpers/model-provider.ts';

/** How the test lets an answer end: by itself, by its socket, or with a question to the person, who may have little time. */
export type AnswerEnd = 'finish' | 'reset' | 'close' | 'ask' | 'ask briefly';

/** The last word of an answer after which its handler asks. */
export const questionMarks = { ask: '❓ ', 'ask briefly': '❔ ' } as const;

/** What the model is asked for by an answer that goes on: which one that is, as it begins. */
export const continuation = (answer: string): string => `continue ${answer}`;

/** Signs of one to four bytes, a joined emoji and a line break, so that cutting in the wrong place shows. */
const decorations = ['', 'é', '漢字', '🙂', '👩‍👩‍👧', '\n'];

interface Answer {
  readonly request: ProviderRequest;
  readonly question: string;
  /** Which answer to the question it is, from 1. */
  readonly call: number;
  readonly waiting: ProviderChunk[];
  hasWords: boolean;
  end: 'finish' | 'reset' | 'close' | null;
  wake: () => void;
}

/** A model that says what the test tells it to, word by word, and remembers what it said to which question. */
export class ProviderByHand implements AsyncDisposable {
  /** Once true every answer, also of requests still to come, ends by itself. */
  isHasty = false;
  /** By question, and by which of its answers. */
  readonly #said = new Map<string, string>();
  readonly #asked = new Map<string, number>();
  readonly #continued = new Map<string, number>();
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

  /** Calls of the model to go on with an answer to a question. */
  continued(question: string): number {
    return this.#continued.get(question) ?? 0;
  }

  /** Says so many more words in one go. */
  say(words: number): void {
    const answer = this.#answer;
    if (!answer || !this.isOpen) return;
    const key = `${answer.question}.${answer.call}`;
    for (let word = 0; word < words; word += 1) {
      const have = this.#said.get(key) ?? '';
      this.#utter(answer, `${key}:${have.length}${decorations[have.length % decorations.length] ?? ''} `);
    }
    answer.wake();
  }

  /** Ends the answer, after a word at least: a model that has said nothing would be asked again. */
  end(how: AnswerEnd): void {
    const answer = this.#answer;
    if (!answer || !this.isOpen) return;
    if (!answer.hasWords) this.say(1);
    const asks = how === 'ask' || how === 'ask briefly';
    if (asks) this.#utter(answer, questionMarks[how]);
    answer.end = asks ? 'finish' : how;
    answer.wake();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#provider?.close();
  }

  /** A new answer, or one that goes on. */
  #meant({ text }: ProviderRequest): { question: string; call: number } {
    const [, continued, before] = /continue (q\d+)\.(\d+)$/.exec(text) ?? [];
    // After an answer without text two questions in a row are told as one message.
    const question = continued ?? /q\d+$/.exec(text)?.[0] ?? text;
    const calls = continued ? this.#continued : this.#asked;
    const call = (calls.get(question) ?? 0) + 1;
    calls.set(question, call);
    return { question, call: before === undefined ? call : Number(before) };
  }

  #utter(answer: Answer, token: string): void {
    const key = `${answer.question}.${answer.call}`;
    this.#said.set(key, (this.#said.get(key) ?? '') + token);
    answer.hasWords = true;
    answer.waiting.push(token);
  }

  #take(request: ProviderRequest): AsyncIterable<ProviderChunk> {
    const { question, call } = this.#meant(request);
    const answer: Answer = { request, question, call, waiting: [], hasWords: false, end: null, wake: () => {} };
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
