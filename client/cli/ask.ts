import type { Command } from 'commander';
import { limits } from '../../shared/limits.ts';
import { endingOf, exitCodeHelp, exitCodes, Refused } from './ending.ts';
import { twoInterrupts } from './interrupts.ts';
import { addSessionOptions, connect, findChat, watchConnection } from './session.ts';
import type { SessionOptions } from './session.ts';
import { notice, processTerminal, quitWhenUnread } from './terminal.ts';
import type { Terminal } from './terminal.ts';
import { takeTurn } from './turn.ts';

/** `switchboard ask`: one message in, its answer out. */
export function addAskCommand(program: Command, terminal: Terminal = processTerminal()): void {
  const command = program
    .command('ask')
    .description('send one message and print its answer; without words the message is read from stdin')
    .argument('[words...]', 'the message')
    .addHelpText('after', exitCodeHelp)
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : exitCodes.refused))
    .action(async (words: string[], options: SessionOptions) => {
      quitWhenUnread(terminal);
      terminal.exit(await ask(words.join(' '), options, terminal));
    });
  addSessionOptions(command);
}

/** Resolves to the exit code; never rejects. */
async function ask(words: string, options: SessionOptions, terminal: Terminal): Promise<number> {
  try {
    return await answer(await readMessage(words, terminal), options, terminal);
  } catch (error) {
    const { code, words } = endingOf(error);
    notice(terminal, words);
    return code;
  }
}

async function answer(text: string, options: SessionOptions, terminal: Terminal): Promise<number> {
  const client = await connect(options);
  const watch = watchConnection(client, terminal);
  const interrupts = twoInterrupts();
  const stopListening = terminal.onInterrupt(interrupts.interrupt);
  try {
    const chat = await findChat(client, options);
    notice(terminal, `chat ${chat.id}`);
    const leave = AbortSignal.any([watch.gone, interrupts.second]);
    const showReasoning = options.reasoning ?? terminal.stderr.isTTY ?? false;
    return await takeTurn({ client, terminal, chat, text, showReasoning, stop: interrupts.first, leave });
  } catch (error) {
    if (interrupts.second.aborted) return exitCodes.left;
    throw error;
  } finally {
    watch.stop();
    await client.close();
    stopListening();
  }
}

async function readMessage(words: string, terminal: Terminal): Promise<string> {
  const text = words === '' && !terminal.stdin.isTTY ? await readAll(terminal) : words;
  if (text.trim() !== '') return text;
  throw new Refused('expected a message, got none: switchboard ask "…", or echo "…" | switchboard ask');
}

/** Everything on stdin without the newline at its end. Stops reading where no server would take more. */
async function readAll({ stdin }: Terminal): Promise<string> {
  let text = '';
  stdin.setEncoding('utf8');
  for await (const chunk of stdin as AsyncIterable<string>) {
    text += chunk;
    if (text.length > limits.messageText + 2) {
      throw new Refused(`expected at most ${limits.messageText} UTF-16 units on stdin, got more`);
    }
  }
  return text.replace(/\r?\n$/, '');
}
