import type { ChatClient, SendOutput } from '../index.ts';
import type { Chat } from '../../shared/chat.ts';
import { AnswerText } from './answer-text.ts';
import type { Shown } from './answer-text.ts';
import { exitCodes } from './ending.ts';
import { notice, printable, write } from './terminal.ts';
import type { Terminal } from './terminal.ts';

export interface Turn {
  readonly client: ChatClient;
  readonly terminal: Terminal;
  readonly chat: Chat;
  readonly text: string;
  readonly showReasoning: boolean;
  /** Aborts when the answer shall be stopped. The turn then goes on to its end, which is `stopped`. */
  readonly stop: AbortSignal;
  /** Aborts, with the reason to throw, when the turn shall be left where it is. */
  readonly leave: AbortSignal;
}

/**
 * Sends one message and shows its answer as it comes: text on stdout, everything else on stderr. Resolves to the exit
 * code that tells its ending.
 */
export async function takeTurn(turn: Turn): Promise<number> {
  const { client, terminal, chat, stop, leave } = turn;
  const sent = await client.send({ chatId: chat.id, text: turn.text }, { signal: leave });
  if (sent.disposition === 'queued') notice(terminal, 'waiting: another answer is being written in this chat');
  const stopRun = (): void => {
    notice(terminal, 'stopping the answer; Ctrl-C again leaves it');
    client
      .stop({ chatId: chat.id, runId: sent.runId }, { signal: leave })
      .catch((error: unknown) => notice(terminal, `could not stop the answer: ${String(error)}`));
  };
  stop.addEventListener('abort', stopRun, { once: true });
  if (stop.aborted) stopRun();
  try {
    return await showAnswer(turn, sent);
  } finally {
    stop.removeEventListener('abort', stopRun);
  }
}

async function showAnswer({ client, terminal, chat, showReasoning, leave }: Turn, sent: SendOutput): Promise<number> {
  const empty = { messages: [], nextCursor: null, activeRun: null, pendingInput: null, queue: [] };
  const answer = new AnswerText({ chat, ...empty }, sent.runId);
  const page = new Page(terminal, showReasoning);
  try {
    for await (const event of client.stream({ chatId: chat.id, lastEventId: sent.cursor }, { signal: leave })) {
      const shown = answer.apply(event);
      await page.show(shown);
      if (shown.ending) return tellEnding(page, terminal, shown.ending);
    }
  } finally {
    await page.endLine();
  }
  leave.throwIfAborted();
  notice(terminal, 'the chat was deleted');
  return exitCodes.stopped;
}

async function tellEnding(page: Page, terminal: Terminal, ending: NonNullable<Shown['ending']>): Promise<number> {
  await page.endLine();
  const { status, error } = ending;
  if (status !== 'completed') notice(terminal, error ? `${status}: ${error.code}: ${error.message}` : status);
  return exitCodes[status];
}

/** Keeps text and reasoning on lines of their own. */
class Page {
  readonly #terminal: Terminal;
  readonly #showReasoning: boolean;
  #last = { text: '\n', reasoning: '\n' };

  constructor(terminal: Terminal, showReasoning: boolean) {
    this.#terminal = terminal;
    this.#showReasoning = showReasoning;
  }

  async show({ text, reasoning, notices }: Shown): Promise<void> {
    for (const words of notices) notice(this.#terminal, words);
    if (this.#showReasoning) await this.#print('reasoning', reasoning);
    if (text !== '' && !this.#last.reasoning.endsWith('\n')) await this.#print('reasoning', '\n');
    await this.#print('text', text);
  }

  async endLine(): Promise<void> {
    for (const kind of ['text', 'reasoning'] as const) {
      if (!this.#last[kind].endsWith('\n')) await this.#print(kind, '\n');
    }
  }

  async #print(kind: 'text' | 'reasoning', text: string): Promise<void> {
    if (text === '') return;
    this.#last[kind] = text;
    const stream = kind === 'text' ? this.#terminal.stdout : this.#terminal.stderr;
    await write(stream, stream.isTTY ? printable(text) : text);
  }
}
