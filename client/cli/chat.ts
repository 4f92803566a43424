import { createInterface } from 'node:readline';
import type { Interface } from 'node:readline';
import type { Command } from 'commander';
import type { ChatClient } from '../index.ts';
import type { Chat } from '../../shared/chat.ts';
import { endingOf, exitCodeHelp, exitCodes, NoServer } from './ending.ts';
import { twoInterrupts } from './interrupts.ts';
import type { Interrupts } from './interrupts.ts';
import { addSessionOptions, connect, findChat, watchConnection } from './session.ts';
import type { SessionOptions } from './session.ts';
import { notice, processTerminal, quitWhenUnread } from './terminal.ts';
import type { Terminal } from './terminal.ts';
import { takeTurn } from './turn.ts';

/** `switchboard chat`: a conversation, line by line. */
export function addChatCommand(program: Command, terminal: Terminal = processTerminal()): void {
  const command = program
    .command('chat')
    .description('talk line by line; Ctrl-C stops an answer, Ctrl-C or Ctrl-D at the prompt leaves')
    .addHelpText(
      'after',
      `${exitCodeHelp}\nWith lines from a pipe: that of the last answer. At a terminal: 0 on leaving.`,
    )
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : exitCodes.refused))
    .action(async (options: SessionOptions) => {
      quitWhenUnread(terminal);
      terminal.exit(await chat(options, terminal));
    });
  addSessionOptions(command);
}

/** Resolves to the exit code; never rejects. */
async function chat(options: SessionOptions, terminal: Terminal): Promise<number> {
  try {
    const client = await connect(options);
    const watch = watchConnection(client, terminal);
    try {
      const chat = await findChat(client, options);
      notice(terminal, `chat ${chat.id}`);
      return await converse({ client, chat, terminal, options, gone: watch.gone });
    } finally {
      watch.stop();
      await client.close();
    }
  } catch (error) {
    const { code, words } = endingOf(error);
    notice(terminal, words);
    return code;
  }
}

interface Conversation {
  readonly client: ChatClient;
  readonly chat: Chat;
  readonly terminal: Terminal;
  readonly options: SessionOptions;
  readonly gone: AbortSignal;
}

async function converse(conversation: Conversation): Promise<number> {
  const { terminal, gone } = conversation;
  const { stdin: input, stdout: output } = terminal;
  const isInteractive = (input.isTTY ?? false) && (output.isTTY ?? false);
  const lines = createInterface({ input, output, terminal: isInteractive, prompt: isInteractive ? '> ' : '' });
  const leave = (): void => lines.close();
  let isOpen = true;
  lines.once('close', () => (isOpen = false));
  // The last lines of a pipe are read after its end, and a closed readline does not prompt.
  const prompt = (): void => (isOpen ? lines.prompt() : undefined);
  let turn: Interrupts | null = null;
  const stopListening = onCtrlC(terminal, isInteractive ? lines : null, () => (turn ? turn.interrupt() : leave()));
  gone.addEventListener('abort', leave, { once: true });
  let code: number = exitCodes.completed;
  try {
    prompt();
    for await (const line of lines) {
      turn = twoInterrupts();
      if (line.trim() !== '') code = await oneTurn(conversation, line, turn);
      if (turn.second.aborted) break;
      turn = null;
      prompt();
    }
    gone.throwIfAborted();
    return isInteractive ? exitCodes.completed : code;
  } finally {
    stopListening();
    gone.removeEventListener('abort', leave);
    lines.close();
  }
}

/** A refused message ends nothing: the next line may be better. Only a server that is gone does. */
async function oneTurn(conversation: Conversation, text: string, { first, second }: Interrupts): Promise<number> {
  const { client, chat, terminal, options, gone } = conversation;
  const leave = AbortSignal.any([gone, second]);
  const showReasoning = options.reasoning ?? terminal.stderr.isTTY ?? false;
  try {
    return await takeTurn({ client, terminal, chat, text, showReasoning, stop: first, leave });
  } catch (error) {
    if (second.aborted) return exitCodes.left;
    if (error instanceof NoServer) throw error;
    const { code, words } = endingOf(error);
    notice(terminal, words);
    return code;
  }
}

/** At a terminal Ctrl-C is a key that readline reads; elsewhere it is a signal to the process. */
function onCtrlC(terminal: Terminal, lines: Interface | null, listener: () => void): () => void {
  if (!lines) return terminal.onInterrupt(listener);
  lines.on('SIGINT', listener);
  return () => void lines.off('SIGINT', listener);
}
