import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import type { AskOptions } from './ask.ts';
import type { ChatsOptions } from './chats.ts';
import type { ExportOptions } from './export.ts';
import { limits } from '../../shared/limits.ts';
import { environmentHelp, exitCodeHelp, exitCodes, readingExitCodeHelp } from './exit-codes.ts';
import { addServerOptions, addSessionOptions } from './session-options.ts';
import type { SessionOptions } from './session-options.ts';
import type { TailOptions } from './tail.ts';
import { processTerminal, quitWhenUnread } from './terminal.ts';
import type { Terminal } from './terminal.ts';
import type { UsageOptions } from './usage.ts';
import { addWorkflow } from './workflow-commands.ts';

/**
 * The commands that talk to a server. What they need is loaded when one of them is used: the client's libraries take a
 * tenth of a second, and `--help` must not wait for them.
 */
export function addClientCommands(program: Command, terminal: Terminal = processTerminal()): void {
  for (const add of [addAsk, addChat, addChats, addTail, addExport, addUsage, addWorkflow]) {
    add(program, terminal).exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : exitCodes.refused));
  }
}

function addAsk(program: Command, terminal: Terminal): Command {
  const command = program
    .command('ask')
    .description('send one message and print its answer; without words the message is read from stdin')
    .argument('[words...]', 'the message')
    .option('--file <path>', 'send this file along, an image or text; may be given several times', collect)
    .option('--json', 'print the events of the answer instead, one JSON object a line, each with its cursor')
    .addHelpText('after', askHelp + exitCodeHelp + environmentHelp)
    .action(async (words: string[], options: AskOptions) => {
      quitWhenUnread(terminal);
      const { ask } = await import('./ask.ts');
      terminal.exit(await ask(words.join(' '), options, terminal));
    });
  return addSessionOptions(command);
}

const askHelp = `
Examples:
  switchboard ask "What are you?"
  git diff | switchboard ask --app Editor > review.txt
  switchboard ask --last "And in one sentence?"
  switchboard ask --file chart.png --file data.csv "What is wrong here?"
  switchboard ask --json "Hello" | jq -r 'select(.type == "run.ended").status'

When the answer asks something, it is asked at a terminal; otherwise, and with --json, the command ends with 7 and
switchboard chat --chat ID, at a terminal or with the answer in a pipe, goes on there.
`;

function addChat(program: Command, terminal: Terminal): Command {
  const command = program
    .command('chat')
    .description('talk line by line; Ctrl-C stops an answer, Ctrl-C or Ctrl-D at the prompt leaves')
    .addHelpText('after', chatHelp + exitCodeHelp + pipeHelp + environmentHelp)
    .action(async (options: SessionOptions) => {
      quitWhenUnread(terminal);
      const { chat } = await import('./chat.ts');
      terminal.exit(await chat(options, terminal));
    });
  return addSessionOptions(command);
}

const pipeHelp = '\nWith lines from a pipe: that of the last answer. At a terminal: 0 on leaving.\n';

const chatHelp = `
At a terminal:
  /new [NAME]  a new chat, with a choice of who answers    /chats          your chats
  /title WORDS give this chat another title                /open NUMBER|ID go on in one of them
  /regenerate  another answer to the last message          /edit WORDS     another last message
  /queue       what waits; /queue drop NUMBER, /queue go   /export FILE    as FILE.md or FILE.json
  /share  /unshare  let others read it, or no more         /fork           go on in a copy
  /attach FILE send a file with the next message            /help  /exit
  /stop        stop the answer (as Ctrl-C does)

When an answer asks something the next line answers it, also from a pipe: text as it is, a choice by its number or
word, a call of a tool by y, n with or without a reason, or JSON with other arguments, a form field by field at a
terminal and as one line of JSON from a pipe.

Examples:
  switchboard chat                    a new chat
  switchboard chat --app Editor       with another assistant, or a workflow
  switchboard chat --last             go on where something was last said
  switchboard chat < questions.txt    one message a line, one answer after the other
`;

function addChats(program: Command, terminal: Terminal): Command {
  const command = program
    .command('chats')
    .description('list your chats with their ids, the last used first')
    .option('--search <words>', 'only those with these words in the title or in messages')
    .option('--archived', 'those that are archived, too')
    .option('--limit <number>', 'how many at most', count, 20)
    .option('--json', 'print one JSON object a line')
    .addHelpText('after', chatsHelp + readingExitCodeHelp + environmentHelp)
    .action(async (options: ChatsOptions) => {
      quitWhenUnread(terminal);
      const { chats } = await import('./chats.ts');
      terminal.exit(await chats(options, terminal));
    });
  return addServerOptions(command);
}

const chatsHelp = `
Examples:
  switchboard chats
  switchboard chats --search haiku
  switchboard chat --chat "$(switchboard chats --limit 1 --json | jq -r .id)"
`;

function addTail(program: Command, terminal: Terminal): Command {
  const command = program
    .command('tail')
    .description('follow what happens in a chat until Ctrl-C; at the end the place to go on at is on stderr')
    .argument('<chat>', 'the id of the chat (switchboard chats lists them)')
    .option('--from <cursor>', 'go on after an event that was seen, nothing lost and nothing twice')
    .option('--json', 'print one event a line as JSON, each with its cursor')
    .addHelpText('after', tailHelp + readingExitCodeHelp + environmentHelp)
    .action(async (chatId: string, options: TailOptions) => {
      quitWhenUnread(terminal);
      const { tail } = await import('./tail.ts');
      terminal.exit(await tail(chatId, options, terminal));
    });
  return addServerOptions(command);
}

const tailHelp = `
Examples:
  switchboard tail 0198c0de-0000-7000-8000-000000000001
  switchboard tail ID --json >> events.jsonl
  switchboard tail ID --json --from "$(tail -1 events.jsonl | jq -r .cursor)" >> events.jsonl
`;

function addExport(program: Command, terminal: Terminal): Command {
  const command = program
    .command('export')
    .description('print a chat, as Markdown or JSON')
    .argument('<chat>', 'the id of the chat (switchboard chats lists them)')
    .addOption(new Option('--format <format>', 'what to print').choices(['markdown', 'json']).default('markdown'))
    .addHelpText('after', exportHelp + readingExitCodeHelp + environmentHelp)
    .action(async (chatId: string, options: ExportOptions) => {
      quitWhenUnread(terminal);
      const { exportChat } = await import('./export.ts');
      terminal.exit(await exportChat(chatId, options, terminal));
    });
  return addServerOptions(command);
}

const exportHelp = `
Examples:
  switchboard export 0198c0de-0000-7000-8000-000000000001 > chat.md
  switchboard export ID --format json | jq '.messages | length'
`;

function addUsage(program: Command, terminal: Terminal): Command {
  const command = program
    .command('usage')
    .description('tell what your model calls have used, by day (UTC) and model')
    .option('--days <number>', 'until today', countUpTo(limits.usageDays), 30)
    .option('--json', 'print one JSON object')
    .addHelpText('after', usageHelp + readingExitCodeHelp + environmentHelp)
    .action(async (options: UsageOptions) => {
      quitWhenUnread(terminal);
      const { usage } = await import('./usage.ts');
      terminal.exit(await usage(options, terminal));
    });
  return addServerOptions(command);
}

const usageHelp = `
Tokens with ~ are estimated: the provider has not told all of them.

Examples:
  switchboard usage
  switchboard usage --days 1 --json | jq '.budget | .tokens - .spent'
`;

const count = countUpTo(10_000);

function countUpTo(most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (Number.isInteger(number) && number >= 1 && number <= most) return number;
    throw new InvalidArgumentError(`expected a whole number from 1 to ${most}`);
  };
}

function collect(path: string, paths: readonly string[] = []): string[] {
  return [...paths, path];
}
