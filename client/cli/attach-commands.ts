import { attachFiles } from './attached.ts';
import { Refused } from './ending.ts';
import type { SlashCommands } from './slash-command.ts';

/** What goes with the next message. */
export const attachCommands: SlashCommands = {
  attach: {
    usage: '/attach FILE',
    meaning: 'send this file, an image or text, with your next message; without FILE: none of those so far',
    async run(conversation, path) {
      const { attached, session } = conversation;
      if (path === '' && attached.length === 0) throw new Refused('/attach: expected a file, got nothing');
      if (path === '') session.screen.notice('nothing goes with your next message');
      conversation.attached = path === '' ? [] : [...attached, ...(await attachFiles(session, [path], '/attach'))];
      return null;
    },
  },
};
