import { attachCommands } from './attach-commands.ts';
import { branchCommands } from './branch-commands.ts';
import { Refused } from './ending.ts';
import { queueCommands } from './queue-commands.ts';
import { shareCommands } from './share-commands.ts';
import type { SlashCommand, SlashCommands } from './slash-command.ts';

const commands: SlashCommands = {
  help: {
    usage: '/help',
    meaning: 'this list',
    async run({ session }) {
      session.screen.notice(helpWords());
      return null;
    },
  },
  new: {
    usage: '/new [NAME]',
    meaning: 'a new chat; with the assistant or workflow of that name, or a choice of them',
    run: (conversation, wanted) => conversation.beginNew(wanted),
  },
  chats: {
    usage: '/chats',
    meaning: 'your chats, the last used first',
    async run(conversation) {
      await conversation.list();
      return null;
    },
  },
  open: {
    usage: '/open NUMBER|ID',
    meaning: 'go on in a chat of that list',
    run: (conversation, wanted, turn) => conversation.open(wanted, turn),
  },
  stop: {
    usage: '/stop',
    meaning: 'stop the answer that is being written; so does Ctrl-C',
    async run(conversation) {
      if (!(await conversation.stop())) conversation.session.screen.notice('no answer is being written in this chat');
      return null;
    },
  },
  title: {
    usage: '/title WORDS',
    meaning: 'give this chat another title',
    async run(conversation, title) {
      const now = title === '' ? conversation.chat?.title : (await conversation.rename(title)).title;
      conversation.session.screen.notice(`title: ${now ?? 'none'}`);
      return null;
    },
  },
  ...attachCommands,
  ...branchCommands,
  ...queueCommands,
  ...shareCommands,
  exit: {
    usage: '/exit',
    meaning: 'leave; so do Ctrl-C and Ctrl-D',
    run: async () => 'leave',
  },
};

/** Words that people try for the same. */
const aliases: Readonly<Record<string, string>> = { '?': 'help', list: 'chats', quit: 'exit', bye: 'exit', q: 'exit' };

/** Errors: `Refused`. */
export function findCommand(name: string): SlashCommand {
  const found = Object.hasOwn(aliases, name) ? aliases[name] : name;
  const command = found !== undefined && Object.hasOwn(commands, found) ? commands[found] : undefined;
  if (command) return command;
  throw new Refused(`there is no command /${name}; /help lists them. To say it, begin the line with a space`);
}

export function isStop(line: string): boolean {
  return line.trim() === '/stop';
}

function helpWords(): string {
  const all = Object.values(commands);
  const width = Math.max(...all.map(({ usage }) => usage.length));
  const lines = all.map(({ usage, meaning }) => `  ${usage.padEnd(width)}  ${meaning}`);
  return [...lines, '  Everything else is sent. A line that begins with a space is sent even if a / follows.'].join(
    '\n',
  );
}
