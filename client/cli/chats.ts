import { chatLine } from './chat-line.ts';
import { exitCodes } from './exit-codes.ts';
import type { ServerOptions } from './session-options.ts';
import { inSession } from './session.ts';
import type { Terminal } from './terminal.ts';

export interface ChatsOptions extends ServerOptions {
  /** Words to find in titles and messages. */
  readonly search?: string;
  readonly archived?: boolean;
  readonly limit: number;
  /** One chat a line as JSON. */
  readonly json?: boolean;
}

/** The most that the server lists at once. */
const pageEntries = 100;

/** `switchboard chats`: the chats, last used first. Resolves to the exit code; never rejects. */
export async function chats(options: ChatsOptions, terminal: Terminal): Promise<number> {
  return inSession(options, terminal, async ({ client, screen }) => {
    const { search, archived, limit } = options;
    let cursor: string | null = null;
    let left = limit;
    do {
      const page = {
        limit: Math.min(left, pageEntries),
        cursor,
        ...(search && { search }),
        ...(archived && { archived }),
      };
      const found: Awaited<ReturnType<typeof client.api.chat.list.query>> = await client.api.chat.list.query(page);
      for (const chat of found.chats) {
        await screen.line(options.json ? JSON.stringify(chat) : `${chat.id}  ${chatLine(chat)}`);
        if (!options.json && chat.found) await screen.line(`    ${chat.found.excerpt}`);
      }
      left -= found.chats.length;
      cursor = found.nextCursor;
    } while (cursor !== null && left > 0);
    if (left === limit)
      screen.notice(
        search === undefined ? 'no chats yet' : `no chat has ${JSON.stringify(search)} in its title or its messages`,
      );
    return exitCodes.completed;
  });
}
