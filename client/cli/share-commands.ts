import { writeFile } from 'node:fs/promises';
import { Refused } from './ending.ts';
import type { SlashCommands } from './slash-command.ts';

/** What leaves the chat. */
export const shareCommands: SlashCommands = {
  export: {
    usage: '/export FILE',
    meaning: 'write this chat into a new file, FILE.md as Markdown or FILE.json',
    async run(conversation, file) {
      const { id: chatId } = conversation.begun('/export');
      const format = formatOf(file);
      const { text } = await conversation.session.client.api.chat.export.query({ chatId, format });
      await writeNew(file, text);
      conversation.session.screen.notice(`written: ${file}`);
      return null;
    },
  },
  share: {
    usage: '/share',
    meaning: 'let others read this chat, who know the id that is told',
    async run(conversation) {
      const { id: chatId } = conversation.begun('/share');
      const { shareId } = await conversation.session.client.api.chat.share.mutate({ chatId });
      conversation.session.screen.notice(`shared: others read it as share ${shareId} (share.get, share.stream)`);
      return null;
    },
  },
  unshare: {
    usage: '/unshare',
    meaning: 'let nobody else read it any more',
    async run(conversation) {
      const { id: chatId } = conversation.begun('/unshare');
      await conversation.session.client.api.chat.unshare.mutate({ chatId });
      conversation.session.screen.notice('shared no more');
      return null;
    },
  },
};

function formatOf(file: string): 'markdown' | 'json' {
  if (/.\.md$/i.test(file)) return 'markdown';
  if (/.\.json$/i.test(file)) return 'json';
  throw new Refused(`/export: expected a file that ends in .md or .json, got ${JSON.stringify(file)}`);
}

/** Errors: `Refused`; nothing that is there is written over. */
async function writeNew(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text.endsWith('\n') ? text : `${text}\n`, { flag: 'wx' });
  } catch (error) {
    const isThere = (error as NodeJS.ErrnoException).code === 'EEXIST';
    throw new Refused(isThere ? `/export: ${file} is there already; name another file` : (error as Error).message);
  }
}
